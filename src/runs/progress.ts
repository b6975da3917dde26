import * as z from 'zod'
import { metricSumsSchema, noMetrics } from './metrics.js'
import { freshPlateau } from './schedule.js'

/** What is evaluated after each epoch. */
const evaluationPartSchema = z.enum(['validation', 'test'])
export type EvaluationPart = z.infer<typeof evaluationPartSchema>

/**
 * How far a run has come: with the parameters and velocities all that is needed to go on exactly, since random numbers
 * are functions of the epoch and the picture.
 */
export const progressSchema = z.strictObject({
  /** Epochs that are complete. */
  epoch: z.number().int().min(0),
  /** Batches done of the current epoch. */
  batch: z.number().int().min(0),
  /** Steps since the start. */
  step: z.number().int().min(0),
  /** The sums of the current epoch's training batches. */
  sums: metricSumsSchema,
  plateau: z.strictObject({ best: z.number().nullable(), waited: z.number().int(), drops: z.number().int() }),
  /** The lowest loss of an evaluation so far, after which epoch, and on which part. */
  best: z.strictObject({ loss: z.number(), epoch: z.number().int(), part: evaluationPartSchema.optional() }).nullable(),
  /** The schedule has ended the run: no epoch follows, however many are asked for. */
  endedBySchedule: z.boolean(),
  /** `training.patience` has ended the run: it goes on only with a longer one, or none. */
  endedByPatience: z.literal(true).optional(),
})

export type Progress = z.infer<typeof progressSchema>

export const freshProgress: Progress = {
  epoch: 0,
  batch: 0,
  step: 0,
  sums: noMetrics,
  plateau: freshPlateau,
  best: null,
  endedBySchedule: false,
}

/** True when no epoch follows. */
export function isFinished(
  progress: Pick<Progress, 'epoch' | 'endedBySchedule' | 'endedByPatience'>,
  epochs: number,
): boolean {
  return progress.endedBySchedule || progress.endedByPatience === true || progress.epoch >= epochs
}

/** Whether a process trains in a run; whether it has had all its epochs. */
export type RunState = 'running' | 'finished' | 'interrupted'
