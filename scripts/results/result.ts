import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/** What a training to its end gave, as it is noted. */
const resultSchema = z.strictObject({
  /** The experiment. */
  id: z.string(),
  seed: z.int(),
  /** The test part, by `evaluate` with each of the experiment's options. */
  views: z.array(z.strictObject({ options: z.string(), top1: z.number(), top5: z.number(), images: z.int() })),
  epochs: z.int(),
  /** Of the whole run, with the evaluation after each epoch. */
  seconds: z.int(),
  imagesPerSecond: z.int(),
  engine: z.string(),
  precision: z.string(),
  threads: z.int(),
  processor: z.string(),
  /** What oneDNN was held to, where it was (`ONEDNN_MAX_CPU_ISA`). */
  instructions: z.string().optional(),
  /** When it began, as 2026-11-28. */
  date: z.string(),
})

export type Result = Readonly<z.infer<typeof resultSchema>>

export const resultsFile = fileURLToPath(new URL('../../docs/results.json', import.meta.url))

export function readResults(): readonly Result[] {
  return existsSync(resultsFile) ? z.array(resultSchema).parse(JSON.parse(readFileSync(resultsFile, 'utf8'))) : []
}
