import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toInterleaved } from '../../src/data/image.js'
import { memoryReader } from '../../src/data/pictures.js'
import { shapes } from '../../src/data/shapes.js'
import { pictureClassifier } from '../../src/inference/picture-classifier.js'
import { decodeCheckpoint, encodeCheckpoint } from '../../src/runs/checkpoint.js'
import type { WebTrainingEvent } from '../../src/training/web/messages.js'
import { webTrainer } from '../../src/training/web/web-trainer.js'
import { missingChromium } from '../support/browser/chromium.js'
import type * as library from '../support/browser/pages/library.js'
import { openTab, type Tab } from '../support/browser/tab.js'
import { tinyRecipe } from '../support/browser/tiny-trainings.js'
import { onnx } from '../support/engines.js'
import { tinyCheckpoint } from '../support/tiny-checkpoint.js'

type Answer<Name extends keyof typeof library> = Awaited<ReturnType<(typeof library)[Name]>>

describe.skipIf(missingChromium)(`workers of a tab ${missingChromium ?? ''}`, { timeout: 120_000 }, () => {
  let tab: Tab
  beforeAll(async () => {
    tab = await openTab()
  }, 60_000)
  afterAll(async () => {
    await tab?.close()
  })

  it('train as a page asks, and save what Node goes on from', async () => {
    const recipe = tinyRecipe('with dropout')
    const done = await tab.call<Answer<'trainInTab'>>('trainInTab', recipe)
    expect(done.start).toMatchObject({ engine: 'WebAssembly, 2 threads', batchesPerEpoch: 10, evaluationPictures: 20 })
    expect(done.stoodStill).toBe(true)
    expect(done.predictions.map(({ label, top }) => [label, top.length])).toEqual([
      [0, 3],
      [7, 3],
    ])
    expect(done.filters).toEqual([8, 3, 3, 3])
    expect(done.steps.at(-1)!.rate).toBe(recipe.optimizer.rate / 2)

    const checkpoint = decodeCheckpoint(new Uint8Array(done.checkpoint), 'test')
    expect(checkpoint.progress.step).toBe(done.steps.length)
    expect(checkpoint.recipe.optimizer.rate).toBe(recipe.optimizer.rate / 2)
    const losses = await lossesInNode(new Uint8Array(done.checkpoint))
    expect(losses).toHaveLength(10 - done.steps.length)
    for (const loss of losses) expect(loss).toBeGreaterThan(0)
  })

  it('say what is wrong as the library does', async () => {
    const recipe = tinyRecipe('with dropout')
    const error = await tab.call('trainWrongly', { ...recipe, model: { name: 'alexnet-cifr' } })
    expect(error).toMatchObject({
      code: 'unknown-name',
      message: "there is no model 'alexnet-cifr'",
      hint: expect.stringContaining("Did you mean 'alexnet-cifar'?"),
    })
  })

  it('look at a picture as Node does', async () => {
    const checkpoint = tinyCheckpoint()
    const bytes = Buffer.concat(encodeCheckpoint(checkpoint))
    const picture = memoryReader(shapes({ seed: 1, train: 1, test: 10 }).test!.pictures, 'test')(4)
    const colours = toInterleaved(picture)
    const pixels = Array.from({ length: 4 * 32 * 32 }, (_, i) =>
      i % 4 === 3 ? 255 : colours[3 * Math.floor(i / 4) + (i % 4)],
    )
    const seen = await tab.call<Answer<'lookAt'>>('lookAt', [...bytes], pixels, 32)

    const net = pictureClassifier(onnx, checkpoint)
    const top = await net.predict(picture, 5)
    expect(seen.top.map(({ label }) => label)).toEqual(top.map(({ label }) => label))
    seen.top.forEach(({ probability }, i) => {
      expect(probability).toBeCloseTo(top[i].probability, 5)
    })
    const activations = await net.activations(picture)
    expect(seen.layers.map(({ layer, shape }) => [layer, shape])).toEqual(
      activations.map(({ layer, shape }) => [layer, shape]),
    )
    seen.layers.forEach(({ sum }, i) => {
      const expected = activations[i].data.reduce((a, b) => a + b, 0)
      expect(Math.abs(sum - expected)).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)))
    })
    const map = await net.occlusionMap(picture, { index: 0, patch: 16, stride: 16 })
    await net.dispose()
    seen.map.forEach((probability, i) => {
      expect(probability).toBeCloseTo(map.probability[i], 5)
    })
    expect(seen.filters).toEqual([8, 3, 3, 3])
    expect(seen.fitted).toEqual(pixels)
  })

  it('say nothing in the console', () => {
    expect(tab.errors).toEqual([])
  })
})

/** Goes on from a checkpoint of the tab, with the same pictures. */
function lossesInNode(checkpoint: Uint8Array): Promise<number[]> {
  const losses: number[] = []
  return new Promise((resolve, reject) => {
    const hear = (event: WebTrainingEvent) => {
      if (event.kind === 'step') losses.push(event.event.loss)
      else if (event.kind === 'finished') resolve(losses)
      else if (event.kind === 'failed') reject(new Error(event.error.message))
    }
    const engine = { engine: onnx, device: 'cpu', threads: 2, found: 'onnxruntime-node' } as const
    const options = { checkpoint, data: { kind: 'shapes', train: 160, test: 20 } } as const
    Promise.resolve(webTrainer(async () => engine, hear).start(options)).catch(reject)
  })
}
