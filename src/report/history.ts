import { evaluationOf, type MetricsLine, type StepsLine } from '../runs/lines.js'
import type { Metrics } from '../runs/metrics.js'
import type { EvaluationPart } from '../runs/progress.js'

/** What `metrics.jsonl` tells of a run. */
export interface History {
  /** What was evaluated after each epoch. */
  readonly part: EvaluationPart
  readonly epochs: readonly EpochRecord[]
  /** The learning rate, now and then; `epoch` counts from 0 and is not whole. */
  readonly rates: readonly { readonly epoch: number; readonly rate: number }[]
}

/** An epoch's means: the loss, and the share of pictures that were classified wrongly. */
export interface EpochRecord {
  readonly epoch: number
  readonly rate: number
  readonly training: EpochMeasure
  readonly evaluation: EpochMeasure
  /** Pictures learnt from. */
  readonly images: number
}

export interface EpochMeasure {
  readonly loss: number
  readonly error: number
}

/** What the lines of a run tell, in their order. */
export function historyOf(lines: readonly MetricsLine[]): History {
  const epochs: EpochRecord[] = []
  const steps: StepsLine[] = []
  let part: EvaluationPart = 'validation'
  let stepsPerEpoch = 0
  for (const line of lines) {
    if (line.kind === 'steps') {
      steps.push(line)
      continue
    }
    const evaluation = evaluationOf(line)
    if (!evaluation) continue
    part = evaluation.part
    const { epoch, step, rate, training } = line
    stepsPerEpoch = step / epoch
    epochs.push({
      ...{ epoch, rate, images: training.images },
      training: measure(training),
      evaluation: measure(evaluation.metrics),
    })
  }
  const rates = stepsPerEpoch > 0 ? steps.map(({ step, rate }) => ({ epoch: step / stepsPerEpoch, rate })) : []
  return { part, epochs, rates }
}

function measure({ loss, top1 }: Metrics): EpochMeasure {
  return { loss, error: 1 - top1 }
}

/** At most `most` of the entries, spread evenly; the first and the last are among them. */
export function thinned<T>(entries: readonly T[], most: number): readonly T[] {
  if (entries.length <= most) return entries
  return Array.from({ length: most }, (_, i) => entries[Math.round((i * (entries.length - 1)) / (most - 1))])
}
