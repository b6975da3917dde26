import * as z from 'zod'
import { machineSchema } from '../engines/machine.js'
import { type Metrics, metricsSchema } from './metrics.js'
import type { EvaluationPart } from './progress.js'

/** Where in a run a line belongs: a resumed run forgets what comes after its checkpoint. */
const place = { epoch: z.number(), step: z.number() }

/** A line of either file, of whatever version of the program. */
export const anyLineSchema = z.looseObject({ kind: z.string(), ...place })

/** A stretch of steps: the means of the epoch so far. Its epoch is the one that is under way, from 1 on. */
const stepsLineSchema = z.object({
  kind: z.literal('steps'),
  ...place,
  /** The learning rate of the last step. */
  rate: z.number(),
  loss: z.number(),
  /** Shares of 1. */
  top1: z.number(),
  top5: z.number(),
})

/** An epoch that is complete. */
const epochLineSchema = z.object({
  kind: z.literal('epoch'),
  ...place,
  rate: z.number(),
  training: metricsSchema,
  /** The validation part, or the test part where no pictures are held out. */
  validation: metricsSchema.optional(),
  test: metricsSchema.optional(),
})

/** A line of `metrics.jsonl`. It holds no times: a resumed run writes the same. */
export const metricsLineSchema = z.discriminatedUnion('kind', [stepsLineSchema, epochLineSchema])

export type StepsLine = Readonly<z.infer<typeof stepsLineSchema>>
export type EpochLine = Readonly<z.infer<typeof epochLineSchema>>
export type MetricsLine = StepsLine | EpochLine

/** What begins to compute: a run that goes on may do so elsewhere. */
const startLineSchema = z.object({
  kind: z.literal('start'),
  ...place,
  engine: z.string(),
  precision: z.string(),
  threads: z.number(),
  machine: machineSchema,
  /** ISO 8601. */
  at: z.string(),
})

/** The time that an epoch took. */
const epochTimingSchema = z.object({
  kind: z.literal('epoch'),
  ...place,
  /** Of training alone. */
  seconds: z.number(),
  imagesPerSecond: z.number(),
  /** ISO 8601. */
  at: z.string(),
})

/** A line of `timing.jsonl`. */
export const timingLineSchema = z.discriminatedUnion('kind', [startLineSchema, epochTimingSchema])

export type StartLine = Readonly<z.infer<typeof startLineSchema>>
export type EpochTiming = Readonly<z.infer<typeof epochTimingSchema>>
export type TimingLine = StartLine | EpochTiming

/** Reads a line; undefined for one of another kind, or that is damaged: a crash may have cut it short. */
export function parseLine<Line>(schema: z.ZodType<Line>, text: string): Line | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Reads the lines of a file, without those that `parseLine` cannot read. */
export function parseLines<Line>(schema: z.ZodType<Line>, text: string): Line[] {
  return text.split('\n').flatMap((line) => parseLine(schema, line) ?? [])
}

/** What was evaluated after an epoch, and what it gave; undefined where the line tells of none. */
export function evaluationOf({ validation, test }: EpochLine): { part: EvaluationPart; metrics: Metrics } | undefined {
  if (validation) return { part: 'validation', metrics: validation }
  return test && { part: 'test', metrics: test }
}

/** The times of epochs, by the number of the epoch. */
export function epochTimings(lines: readonly TimingLine[]): ReadonlyMap<number, EpochTiming> {
  return new Map(lines.flatMap((line) => (line.kind === 'epoch' ? [[line.epoch, line] as const] : [])))
}
