import { type Measurement, summariseRounds } from '../measurement.js'
import type { Workload } from '../workload.js'
import { type Contestant, type Effort, nameOf, PeerFailed } from './contestant.js'

/** A workload with the results of all who took part, in their order. */
export interface Comparison {
  readonly workload: Workload
  readonly results: readonly Measurement[]
}

export interface ComparisonObserver {
  /** Who does not take part, or no longer, and why. */
  onLeftOut(reason: string): void
  onMeasured(measurement: Measurement, done: number, total: number, secondsLeft: number): void
}

/**
 * Measures every workload with every contestant, in turns (A B A B): a machine that others use too is not equally fast
 * all the time, and so every contestant meets all of its moods.
 */
export async function compare(
  workloads: readonly Workload[],
  contestants: readonly Contestant[],
  { rounds, ...effort }: Effort & { readonly rounds: number },
  observer: ComparisonObserver,
): Promise<Comparison[]> {
  const takingPart = workloads.map((workload) => ({
    workload,
    contestants: contestants.filter((contestant) => {
      const known = contestant.knows(workload.model)
      if (!known) observer.onLeftOut(`${nameOf(contestant)} does not know the model ${workload.model}`)
      return known
    }),
  }))
  let total = rounds * takingPart.reduce((sum, each) => sum + each.contestants.length, 0)
  let done = 0
  let tried = 0
  const began = performance.now()
  const comparisons: Comparison[] = []
  for (const { workload, contestants: own } of takingPart) {
    const measured = new Map<Contestant, Measurement[]>(own.map((contestant) => [contestant, []]))
    for (let round = 0; round < rounds; round++)
      for (const [contestant, earlier] of measured)
        try {
          tried++
          const measurement = await contestant.measure(workload, effort)
          earlier.push(measurement)
          done++
          const secondsLeft = ((performance.now() - began) / 1000 / tried) * (total - done)
          observer.onMeasured(measurement, done, total, secondsLeft)
        } catch (error) {
          if (!(error instanceof PeerFailed)) throw error
          const { task, model, batchSize } = workload
          observer.onLeftOut(`${nameOf(contestant)}: ${task} ${model}, batch ${batchSize}: ${error.message}`)
          measured.delete(contestant)
          total -= rounds - round
        }
    comparisons.push({ workload, results: [...measured.values()].map(summariseRounds) })
  }
  return comparisons
}
