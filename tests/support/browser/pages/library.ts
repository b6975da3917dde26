/** What the tests call in the tab. */
import type { Device } from '../../../../src/engines/device.js'
import { webEngine } from '../../../../src/engines/web/web-engine.js'
import { AlexNetError } from '../../../../src/errors.js'
import { openClassifier } from '../../../../src/inference/web/open-classifier.js'
import type { Recipe } from '../../../../src/runs/recipe.js'
import type { WebStepEvent } from '../../../../src/training/web/messages.js'
import { trainInWorker } from '../../../../src/training/web/train-in-worker.js'
import { firstLosses } from '../tiny-trainings.js'

const wasmPaths = '/ort/'

export const isIsolated = () => crossOriginIsolated

export async function losses(device: Device, training: string, steps: number) {
  const { engine, found } = await webEngine({ device, threads: 2, wasmPaths })
  return { found, losses: await firstLosses(engine, training, steps) }
}

const startWorker = (name: string) => new Worker(`/${name}.js`, { type: 'module' })

/** Trains in a worker as a page does: looks on, holds it up, changes the rate, saves, stops. */
export async function trainInTab(recipe: Recipe) {
  const worker = startWorker('training-worker')
  const steps: WebStepEvent[] = []
  const data = { kind: 'shapes', train: 160, test: 20 } as const
  const training = await trainInWorker(
    worker,
    { recipe, data, threads: 2, wasmPaths },
    { onStep: (e) => steps.push(e) },
  )
  await training.pause()
  const stoodAt = steps.length
  const predictions = await training.predict([0, 7], 3)
  const weights = await training.parameters(['features.0.weight'])
  await new Promise((resolve) => setTimeout(resolve, 200))
  const stoodStill = steps.length === stoodAt
  await training.setRate(recipe.optimizer.rate / 2)
  await training.resume()
  await training.pause()
  const checkpoint = [...(await training.checkpoint())]
  await training.stop()
  const summary = await training.finished
  worker.terminate()
  return {
    start: training.start,
    steps,
    stoodStill,
    predictions: predictions.map(({ label, top }) => ({ label, top })),
    filters: weights['features.0.weight'].shape,
    checkpoint,
    summary,
  }
}

/** What goes wrong reaches the page as what it is. */
export async function trainWrongly(recipe: Recipe) {
  const worker = startWorker('training-worker')
  const error = await trainInWorker(worker, { recipe, data: { kind: 'shapes' }, wasmPaths }).catch((e: unknown) => e)
  worker.terminate()
  return error instanceof AlexNetError && { code: error.code, message: error.message, hint: error.hint }
}

/** Opens a checkpoint and looks at a picture of RGBA bytes, as a canvas gives them. */
export async function lookAt(checkpoint: number[], pixels: number[], side: number) {
  const worker = startWorker('classifier-worker')
  const net = await openClassifier(worker, new Uint8Array(checkpoint), { threads: 2, wasmPaths })
  const picture = new ImageData(new Uint8ClampedArray(pixels), side, side)
  const [top, activations, map, filters, fitted] = await Promise.all([
    net.predict(picture, 5),
    net.activations(picture),
    net.occlusionMap(picture, { index: 0, patch: 16, stride: 16 }),
    net.parameter('features.0.weight'),
    net.fitted(picture),
  ])
  worker.terminate()
  return {
    top,
    layers: activations.map(({ layer, shape, data }) => ({ layer, shape, sum: data.reduce((a, b) => a + b, 0) })),
    map: [...map.probability],
    filters: filters.shape,
    fitted: [...fitted.data],
  }
}
