import { unpackError } from '../../packed-error.js'
import type { Tensor } from '../../tensor.js'
import { workerClient } from '../../worker-requests.js'
import type {
  TestPrediction,
  WebEpochEvent,
  WebStepEvent,
  WebTrainingEvent,
  WebTrainingOptions,
  WebTrainingRequests,
  WebTrainingStart,
  WebTrainingSummary,
} from './messages.js'

/** Hears of a training while it runs. */
export interface WebTrainingObserver {
  onStep?(event: WebStepEvent): void
  onEpoch?(event: WebEpochEvent): void
  onWarning?(message: string): void
}

/** A training that runs in a worker. */
export interface WebTraining {
  readonly start: WebTrainingStart
  /** Resolves when the last epoch is done or the training was stopped; rejects with `diverged`, `engine-failed` … */
  readonly finished: Promise<WebTrainingSummary>
  /** Stops after the current step until `resume`; resolves once it stands still. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Sets the base rate ε from the next step on; the schedule goes on multiplying it. A checkpoint keeps it. */
  setRate(rate: number): Promise<void>
  /** The bytes of a checkpoint file as Node writes and reads them, to be saved or gone on from. Also after the end. */
  checkpoint(): Promise<Uint8Array<ArrayBuffer>>
  /** Copies of parameters by name, such as `features.0.weight`, as they are after the current step. */
  parameters(names: readonly string[]): Promise<Readonly<Record<string, Tensor<'float32'>>>>
  /** Classifies pictures of the evaluation part, by their places in it, with the present parameters. */
  predict(pictures: readonly number[], top: number): Promise<readonly TestPrediction[]>
  /** Ends the training after the current step. `checkpoint`, `parameters` and `predict` still work. */
  stop(): Promise<void>
}

/**
 * Trains in a worker, whose script is `training-worker.js`, so that the page stays smooth. A worker trains one net at a
 * time; terminate it when its results are no longer needed.
 *
 * @throws AlexNetError for everything that can be wrong with the settings, the pictures or the machine.
 * @example
 * const worker = new Worker(new URL('alexnet/web/training-worker', import.meta.url), { type: 'module' })
 * const training = await trainInWorker(worker, { recipe, data: { kind: 'shapes' } }, { onStep: draw })
 * await training.finished
 */
export async function trainInWorker(
  worker: Worker,
  options: WebTrainingOptions,
  observer: WebTrainingObserver = {},
): Promise<WebTraining> {
  let end!: { resolve(summary: WebTrainingSummary): void; reject(error: Error): void }
  const finished = new Promise<WebTrainingSummary>((resolve, reject) => {
    end = { resolve, reject }
  })
  finished.catch(() => undefined) // Whoever does not ask for the end is not to hear of an unhandled rejection.
  const client = workerClient<WebTrainingRequests, WebTrainingEvent>(worker, {
    onEvent(event) {
      if (event.kind === 'step') observer.onStep?.(event.event)
      else if (event.kind === 'epoch') observer.onEpoch?.(event.event)
      else if (event.kind === 'warning') observer.onWarning?.(event.message)
      else if (event.kind === 'finished') end.resolve(event.summary)
      else end.reject(unpackError(event.error))
    },
    onFailure: end.reject,
  })
  return {
    start: await client.ask('start', options),
    finished,
    pause: () => client.ask('pause'),
    resume: () => client.ask('resume'),
    setRate: (rate) => client.ask('setRate', rate),
    checkpoint: () => client.ask('checkpoint'),
    parameters: (names) => client.ask('parameters', names),
    predict: (pictures, top) => client.ask('predict', pictures, top),
    stop: () => client.ask('stop'),
  }
}
