import * as z from 'zod'
import { jsonObjects } from './history.js'

const startSchema = z.object({
  kind: z.literal('start'),
  epoch: z.number(),
  step: z.number(),
  engine: z.string(),
  precision: z.string(),
  threads: z.number(),
  machine: z.object({
    processor: z.string(),
    threads: z.number(),
    memoryGiB: z.number(),
    system: z.string(),
    node: z.string(),
  }),
  at: z.string(),
})
const epochSchema = z.object({ kind: z.literal('epoch'), epoch: z.number(), seconds: z.number(), at: z.string() })

/** What computed a stretch of a run: a run that goes on may do so elsewhere. */
export type Session = z.infer<typeof startSchema>

/** What `timing.jsonl` tells of a run. */
export interface Work {
  /** One for each start of the run. */
  readonly sessions: readonly Session[]
  /** The steps of training alone, of the epochs that are complete. */
  readonly seconds: number
  /** When the last epoch ended, ISO 8601. */
  readonly ended?: string
}

/** Reads the lines of `timing.jsonl`; lines that are damaged, or of another kind, are left out. */
export function readWork(jsonLines: string): Work {
  const lines = jsonObjects(jsonLines)
  const parsed = <T>(schema: z.ZodType<T>) =>
    lines.flatMap((line) => {
      const { data } = schema.safeParse(line)
      return data === undefined ? [] : [data]
    })
  const epochs = parsed(epochSchema)
  return {
    sessions: parsed(startSchema),
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    ended: epochs.at(-1)?.at,
  }
}
