import * as z from 'zod'
import { freshPlateau } from './schedule.js'

const sums = z.strictObject({ loss: z.number(), correct1: z.number(), correct5: z.number(), images: z.number() })

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
  sums,
  plateau: z.strictObject({ best: z.number().nullable(), waited: z.number().int(), drops: z.number().int() }),
  /** The lowest loss of an evaluation so far, after which epoch, and on which part. */
  best: z
    .strictObject({ loss: z.number(), epoch: z.number().int(), part: z.enum(['validation', 'test']).optional() })
    .nullable(),
  /** The schedule has ended the run: no epoch follows, however many are asked for. */
  endedBySchedule: z.boolean(),
})

export type Progress = z.infer<typeof progressSchema>

export const freshProgress: Progress = {
  epoch: 0,
  batch: 0,
  step: 0,
  sums: { loss: 0, correct1: 0, correct5: 0, images: 0 },
  plateau: freshPlateau,
  best: null,
  endedBySchedule: false,
}
