import * as z from 'zod'
import type { EvaluationPart } from '../training/trainer.js'

const metrics = z.object({ top1: z.number(), top5: z.number(), loss: z.number(), images: z.number() })
const stepsSchema = z.object({
  kind: z.literal('steps'),
  epoch: z.number(),
  step: z.number(),
  rate: z.number(),
})
const epochSchema = z.object({
  kind: z.literal('epoch'),
  epoch: z.number(),
  step: z.number(),
  rate: z.number(),
  training: metrics,
  validation: metrics.optional(),
  test: metrics.optional(),
})

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

/** Reads the lines of `metrics.jsonl`; lines that are damaged, or of another kind, are left out. */
export function readHistory(jsonLines: string): History {
  const epochs: EpochRecord[] = []
  const steps: z.infer<typeof stepsSchema>[] = []
  let part: EvaluationPart = 'validation'
  let stepsPerEpoch = 0
  for (const line of jsonObjects(jsonLines)) {
    const step = stepsSchema.safeParse(line)
    if (step.success) steps.push(step.data)
    const parsed = epochSchema.safeParse(line)
    if (!parsed.success) continue
    const { epoch, rate, training, validation, test } = parsed.data
    const evaluation = validation ?? test
    if (!evaluation) continue
    part = validation ? 'validation' : 'test'
    stepsPerEpoch = parsed.data.step / epoch
    epochs.push({ epoch, rate, training: measure(training), evaluation: measure(evaluation), images: training.images })
  }
  const rates = stepsPerEpoch > 0 ? steps.map(({ step, rate }) => ({ epoch: step / stepsPerEpoch, rate })) : []
  return { part, epochs, rates }
}

function measure({ loss, top1 }: z.infer<typeof metrics>): EpochMeasure {
  return { loss, error: 1 - top1 }
}

/** The lines that are JSON: a crash may have cut one short. */
export function jsonObjects(lines: string): unknown[] {
  return lines.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown]
    } catch {
      return []
    }
  })
}

/** At most `most` of the entries, spread evenly; the first and the last are among them. */
export function thinned<T>(entries: readonly T[], most: number): readonly T[] {
  if (entries.length <= most) return entries
  return Array.from({ length: most }, (_, i) => entries[Math.round((i * (entries.length - 1)) / (most - 1))])
}
