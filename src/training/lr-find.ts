import type { Batch } from '../data/batch.js'
import type { BatchLoader } from '../data/batch-loader.js'
import { AlexNetError } from '../errors.js'
import { type OptimizerSettings, resolveOptimizer } from '../optimizers/index.js'
import { freshProgress } from '../runs/progress.js'
import { LEAST_STEPS } from './least-steps.js'
import { type RatePoint, type SuggestionMethod, suggestedRates } from './suggest-rate.js'
import { type TrainerOptions, train } from './trainer.js'

/** What a search learns with is what the training would. */
export interface RateSearchOptions
  extends Omit<TrainerOptions, 'epochs' | 'rate' | 'schedule' | 'evaluation' | 'evaluationPart' | 'progress'> {
  /** The first rate and the last one; default: 1e-6 and 10, for AdamW 1e-7 and 1. */
  readonly from?: number
  readonly to?: number
  /** How many steps lead from one to the other; default: 100. Batches whose mean makes one update are one step. */
  readonly steps?: number
  /** How the rate is read off the curve; default: `valley`. */
  readonly method?: SuggestionMethod
  /** Hears of each step. */
  readonly onStep?: (point: RatePoint, step: number) => void
}

/** What a search has found. */
export interface RateSearch {
  /** The steps that were done, in their order. */
  readonly points: readonly RatePoint[]
  /** The rate by the method that was asked for; undefined where the loss has not fallen at any rate. */
  readonly rate?: number
  readonly method: SuggestionMethod
  /** What each method suggests. */
  readonly suggestions?: Readonly<Record<SuggestionMethod, number>>
  /** Why there was no further step: all were done, the loss has risen, or it was no longer a number. */
  readonly end: 'steps' | 'rise' | 'diverged'
}

const STEPS = 100
/** The share of the smoothed loss that is kept, and how often the lowest it may become: fastai's. */
const SMOOTHING = 0.98
const RISE = 4

/** The range for an optimizer. Adam's steps are as long as the rate, whatever the gradient: 1 is far beyond any use. */
export function rateRange(settings: OptimizerSettings = {}): { readonly from: number; readonly to: number } {
  return resolveOptimizer(settings).kind === 'adamw' ? { from: 1e-7, to: 1 } : { from: 1e-6, to: 10 }
}

/**
 * Looks for a learning rate: the range test (Smith, "Cyclical learning rates for training neural networks", 2015, section
 * 3.3), as fastai's `lr_find` does it. The rate rises from step to step by the same factor, until the smoothed loss is four
 * times its lowest. A training with another network of the same start: what is trained afterwards knows nothing of it.
 *
 * @throws AlexNetError `invalid-setting` for a range or a number of steps that is none; the signal's reason when it is aborted.
 * @example
 * const { rate = 0.01 } = await findRate({ model, engine, loader })
 * await train({ model, engine, loader, evaluation, epochs: 5, rate })
 */
export async function findRate(options: RateSearchOptions): Promise<RateSearch> {
  const { loader, signal, onStep, steps = STEPS, method = 'valley', accumulate = 1, ...rest } = options
  const { from, to } = { ...rateRange(options.optimizer), ...given(options) }
  checkRange(from, to, steps)
  const points: RatePoint[] = []
  let average = 0
  let lowest = Number.POSITIVE_INFINITY
  let end: RateSearch['end'] = 'steps'
  /** Losses of the batches that make the next update. */
  let losses: number[] = []
  const enough = new AbortController()
  const factor = (to / from) ** (1 / (steps - 1))
  try {
    await train(
      {
        ...rest,
        accumulate,
        loader: endless(loader, steps * accumulate),
        evaluation: loader,
        epochs: 1,
        schedule: { kind: 'constant' },
        progress: freshProgress,
        rate: () => from * factor ** points.length,
        signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal,
      },
      {
        onStep(batch) {
          losses.push(batch.loss)
          if (losses.length < accumulate) return
          const { rate } = batch
          const loss = losses.reduce((sum, each) => sum + each, 0) / accumulate
          losses = []
          average = SMOOTHING * average + (1 - SMOOTHING) * loss
          const smoothed = average / (1 - SMOOTHING ** (points.length + 1))
          const point = { rate, loss, smoothed }
          points.push(point)
          onStep?.(point, points.length)
          lowest = Math.min(lowest, smoothed)
          if (smoothed > RISE * lowest) end = 'rise'
          // Before there is an evaluation, which tells nothing here.
          if (end === 'rise' || points.length === steps) enough.abort()
        },
      },
    )
  } catch (error) {
    if (!(error instanceof AlexNetError && error.code === 'diverged')) throw error
    end = 'diverged'
  }
  signal?.throwIfAborted()
  const suggestions = suggestedRates(points, steps)
  return { points, method, end, ...(suggestions && { suggestions, rate: suggestions[method] }) }
}

/** A rate as people write it: three digits tell enough. */
export function roundedRate(rate: number): number {
  return Number(rate.toPrecision(3))
}

function given({ from, to }: Pick<RateSearchOptions, 'from' | 'to'>) {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

function checkRange(from: number, to: number, steps: number): void {
  if (!(from > 0 && to > from && Number.isFinite(to)))
    throw new AlexNetError(
      'invalid-setting',
      `a search goes from a rate above 0 to a larger one, got ${from} and ${to}`,
      'As in --from 1e-6 --to 10.',
    )
  if (!Number.isInteger(steps) || steps < LEAST_STEPS)
    throw new AlexNetError(
      'invalid-setting',
      `the steps of a search must be a whole number of at least ${LEAST_STEPS}, got ${steps}`,
    )
}

/** The batches of one epoch after another as one long epoch: a small folder is gone through several times. */
function endless(loader: BatchLoader, batchesPerEpoch: number): BatchLoader {
  const { batchSize, seed, mix } = loader
  return {
    ...{ batchSize, seed, mix, batchesPerEpoch },
    async *train(): AsyncGenerator<Batch> {
      for (let epoch = 0; ; epoch++) yield* loader.train(epoch)
    },
    inOrder: () => loader.inOrder(),
    release: (batch) => loader.release(batch),
    close: () => loader.close(),
  }
}
