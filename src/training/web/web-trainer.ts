import { memoryReader } from '../../data/pictures.js'
import { preprocess } from '../../data/preprocessing.js'
import type { WebEngine, WebEngineOptions } from '../../engines/web/web-engine.js'
import { AlexNetError } from '../../errors.js'
import { classifier } from '../../inference/classifier.js'
import { mostProbable } from '../../inference/most-probable.js'
import { summarise } from '../../models/summary.js'
import { packError } from '../../packed-error.js'
import { encodeCheckpoint, isFiniteState } from '../../runs/checkpoint.js'
import { earlyEnd } from '../../runs/end.js'
import type { Progress } from '../../runs/progress.js'
import { float32, sizeOf, type Tensors } from '../../tensor.js'
import type { Handlers } from '../../worker-requests.js'
import { trainerOptionsOf } from '../prepare-run.js'
import { Speed } from '../speed.js'
import { startingState } from '../starting-state.js'
import { type StepEvent, train } from '../trainer.js'
import type {
  TestPrediction,
  WebStepEvent,
  WebTrainingEvent,
  WebTrainingRequests,
  WebTrainingStart,
} from './messages.js'
import { prepareWebRun, type WebRun } from './prepare-web-run.js'
import { StepGate } from './step-gate.js'

/** A training with all that changes while it runs. */
interface Running {
  readonly run: WebRun
  readonly engine: WebEngine
  rate: number
  progress: Progress
  /** The parameters and velocities as they are now; only for jobs of the gate. */
  state: () => Promise<Tensors> | Tensors
}

/** Pictures that are classified at a time for `predict`. */
const PREDICTED = 16

/**
 * The worker's side of a training in a tab: trains by the same code as Node, and does between the steps what the page
 * asks for.
 *
 * @param openEngine Makes the engine (`webEngine`).
 * @param tell Tells the page something by itself.
 */
export function webTrainer(
  openEngine: (options: WebEngineOptions) => Promise<WebEngine>,
  tell: (event: WebTrainingEvent) => void,
): Handlers<WebTrainingRequests> {
  const gate = new StepGate()
  const stop = new AbortController()
  let running: Running | undefined

  const theRunning = (): Running => {
    if (!running) throw new AlexNetError('invalid-setting', 'there is no training here: `start` one first')
    return running
  }

  return {
    async start(options) {
      if (running)
        throw new AlexNetError('invalid-setting', 'a training has been started here already: take another worker')
      const prepared = await prepareWebRun(options)
      const engine = await openEngine(options)
      const { loader } = prepared
      const state = await startingState(prepared, { engine: engine.engine, threads: engine.threads, loader })
      const run = { ...prepared, state }
      running = { run, engine, rate: run.recipe.optimizer.rate, progress: run.progress, state: () => run.state }
      trainToTheEnd(running, gate, stop.signal, tell).then(
        (event) => tell(event),
        (error: unknown) => tell({ kind: 'failed', error: packError(error) }),
      )
      return startOf(run, engine)
    },

    async stop() {
      stop.abort()
      gate.resume()
    },

    pause: () => gate.pause(),
    resume: () => gate.resume(),

    setRate(rate) {
      if (!(rate > 0) || !Number.isFinite(rate))
        throw new AlexNetError('invalid-setting', `the learning rate must be a number above 0, got ${rate}`)
      theRunning().rate = rate
    },

    checkpoint: () =>
      gate.do(async () => {
        const { run, rate, progress, state } = theRunning()
        const recipe = { ...run.recipe, optimizer: { ...run.recipe.optimizer, rate } }
        const parameters = await state()
        if (!isFiniteState(parameters))
          throw new AlexNetError('diverged', 'there is nothing to save: a parameter is no longer a finite number')
        const parts = encodeCheckpoint({ ...run, recipe, progress, state: parameters })
        return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer())
      }),

    parameters: (names) =>
      gate.do(async () => {
        const state = await theRunning().state()
        return Object.fromEntries(
          names.map((name) => {
            const tensor = Object.hasOwn(state, name) ? state[name] : undefined
            if (tensor?.dtype !== 'float32') throw new AlexNetError('unknown-name', `there is no parameter '${name}'`)
            return [name, float32(tensor.shape, tensor.data as Float32Array)]
          }),
        )
      }),

    predict: (pictures, top) => gate.do(() => predict(theRunning(), pictures, top)),
  }
}

/** Trains; whatever happens, the gate stands open afterwards. */
async function trainToTheEnd(
  running: Running,
  gate: StepGate,
  signal: AbortSignal,
  tell: (event: WebTrainingEvent) => void,
): Promise<WebTrainingEvent> {
  const { run, engine } = running
  const { batchSize } = run.recipe.training
  const speed = new Speed()
  let previous = run.progress
  try {
    const { progress, state, interrupted } = await train(
      {
        ...trainerOptionsOf(run),
        engine: engine.engine,
        threads: engine.threads,
        loader: run.loader,
        evaluation: run.evaluation,
        rate: () => running.rate,
        signal,
      },
      {
        async onStep(event, snapshot) {
          speed.count(batchSize)
          running.progress = event.progress
          running.state = snapshot
          tell({
            kind: 'step',
            event: { ...event, accuracy: accuracyOf(event, previous), imagesPerSecond: speed.now() },
          })
          previous = event.progress
          await gate.pass()
          speed.goOn()
        },
        async onEpoch(event, snapshot) {
          running.progress = event.progress
          running.state = snapshot
          tell({ kind: 'epoch', event: { ...event, imagesPerSecond: speed.takeEpoch().imagesPerSecond } })
          previous = event.progress
          await gate.pass()
          speed.goOn()
        },
        onWarning: (message) => tell({ kind: 'warning', message }),
      },
    )
    running.progress = progress
    running.state = () => state
    const ended = earlyEnd(progress)
    return {
      kind: 'finished',
      summary: { epochs: progress.epoch, steps: progress.step, ...(ended && { ended }), interrupted },
    }
  } catch (error) {
    running.state = () => Promise.reject(error)
    throw error
  } finally {
    gate.open()
  }
}

function startOf(run: WebRun, { device, threads, found }: WebEngine): WebTrainingStart {
  return {
    recipe: run.recipe,
    summary: summarise(run.model),
    classes: run.classes,
    trainPictures: run.data.train.labels.length,
    evaluationPictures: run.evaluated.labels.length,
    evaluationPart: run.evaluationPart,
    device,
    engine: found,
    threads,
    batchesPerEpoch: run.loader.batchesPerEpoch,
    step: run.progress.step,
  }
}

/** Of the step's own batch: what it has added to the sums of the epoch. */
function accuracyOf({ progress }: StepEvent, previous: Progress): WebStepEvent['accuracy'] {
  return (progress.sums.correct1 - previous.sums.correct1) / (progress.sums.images - previous.sums.images)
}

async function predict(
  { run, engine, state }: Running,
  pictures: readonly number[],
  top: number,
): Promise<readonly TestPrediction[]> {
  const { evaluated, preprocessing, model, classes } = run
  const inputSize = sizeOf(model.inputShape)
  const read = memoryReader(evaluated.pictures, evaluated.name)
  const shown = pictures.map((index) => read(index))
  const images = new Float32Array(pictures.length * inputSize)
  shown.forEach(({ data, shape }, i) => {
    preprocess(data, shape, preprocessing, undefined, images, i * inputSize)
  })
  const net = await classifier(engine.engine, model, { batchSize: PREDICTED, threads: engine.threads })
  try {
    await net.load(await state())
    const { probabilities } = await net.classify(images, pictures.length)
    return shown.map(({ data, shape: [, height, width] }, i) => ({
      index: pictures[i],
      // Of its own memory: it is to leave this thread, and the other pictures are to stay.
      picture: data.slice(),
      height,
      width,
      label: evaluated.labels[pictures[i]],
      top: mostProbable(probabilities.subarray(i * classes.length, (i + 1) * classes.length), classes, top),
    }))
  } finally {
    await net.dispose()
  }
}
