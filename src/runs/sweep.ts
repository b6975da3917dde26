import * as z from 'zod'
import { metricsSchema } from './metrics.js'

/** One training of a sweep. */
const combinationSchema = z.strictObject({
  /** The run's folder within the sweep's. */
  name: z.string(),
  /** By the keys of the lists. */
  settings: z.record(z.string(), z.unknown()),
})

/** A sweep: trainings that differ in some keys of their recipes. */
export const sweepSchema = z.strictObject({
  format: z.literal('alexnet-sweep-1'),
  /** What the trainings learn: a name, or a path. */
  dataset: z.string().optional(),
  /** The keys that differ, with the values that are tried. */
  lists: z.array(z.strictObject({ key: z.string(), values: z.array(z.unknown()) })),
  runs: z.array(combinationSchema),
  /** How each is trained, besides its recipe. */
  options: z.record(z.string(), z.unknown()),
})

export type Sweep = Readonly<z.infer<typeof sweepSchema>>
export type Combination = Readonly<z.infer<typeof combinationSchema>>
export type SweepList = Sweep['lists'][number]

/** A line of a sweep's results: a training that has come to its end, in one way or the other. */
export const sweepResultSchema = z.object({
  name: z.string(),
  /** Why it came to nothing, where it did. */
  failed: z.object({ code: z.string(), message: z.string() }).optional(),
  epochs: z.number(),
  /** Of training. */
  seconds: z.number(),
  /** After the last epoch. */
  validation: metricsSchema.optional(),
  test: metricsSchema.optional(),
})

export type SweepResult = Readonly<z.infer<typeof sweepResultSchema>>

/** A training of a sweep with what it gave. */
export interface RankedRun extends Combination, Omit<SweepResult, 'name'> {}

/** Runs that differ in their seed alone. */
export interface SeedGroup {
  /** Without the seed. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly runs: number
  /** Of the part that runs are compared by. */
  readonly accuracy: Spread
  readonly loss: Spread
}

export interface Spread {
  readonly mean: number
  /** With n - 1; undefined of a single value. */
  readonly deviation?: number
}

/** The key whose values are chances, not choices. */
const SEED = 'training.seed'

/** Every way to take one value of each list; the last list changes fastest. */
export function combinationsOf(lists: readonly SweepList[]): Record<string, unknown>[] {
  return lists.reduce<Record<string, unknown>[]>(
    (all, { key, values }) => all.flatMap((before) => values.map((value) => ({ ...before, [key]: value }))),
    [{}],
  )
}

/** What runs are compared by: the validation, or the test where no pictures are held out. */
export function measuredOf({ validation, test }: Pick<SweepResult, 'validation' | 'test'>) {
  return validation ?? test
}

/** The runs that have come to their end, the best first: by accuracy, then by loss; those that came to nothing last. */
export function ranked(runs: readonly Combination[], results: readonly SweepResult[]): RankedRun[] {
  const found = runs.flatMap((run) => {
    const result = results.find(({ name }) => name === run.name)
    return result ? [{ ...run, ...result }] : []
  })
  return found.toSorted((a, b) => {
    const [first, second] = [measuredOf(a), measuredOf(b)]
    if (!first || !second) return Number(!first) - Number(!second)
    return second.top1 - first.top1 || first.loss - second.loss
  })
}

/** Runs that differ in their seed alone, the best mean first; none where no seeds were listed. */
export function seedGroups(runs: readonly RankedRun[]): SeedGroup[] {
  const groups = new Map<string, RankedRun[]>()
  for (const run of runs) {
    if (!Object.hasOwn(run.settings, SEED)) return []
    const key = groupOf(run)
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  return [...groups.values()]
    .flatMap((members) => {
      const measured = members.flatMap((run) => measuredOf(run) ?? [])
      if (measured.length === 0) return []
      const { [SEED]: _, ...settings } = members[0].settings
      const [accuracy, loss] = [spreadOf(measured.map(({ top1 }) => top1)), spreadOf(measured.map(({ loss }) => loss))]
      return [{ settings, runs: measured.length, accuracy, loss }]
    })
    .toSorted((a, b) => b.accuracy.mean - a.accuracy.mean || a.loss.mean - b.loss.mean)
}

/** The same for runs that differ in their seed alone. */
export function groupOf({ settings: { [SEED]: _, ...settings } }: Combination): string {
  return JSON.stringify(settings)
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length < 2) return { mean }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}
