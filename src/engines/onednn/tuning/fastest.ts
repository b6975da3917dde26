/** One that is so many times as slow as the best is not tried again. */
const HOPELESS = 1.25

/** Others must need less than this part of the first one's time: measurements differ, and the first is a good guess. */
const CLEARLY = 0.9

/** Of short work the best of so many rounds counts; of long work fewer rounds will do. */
const ROUNDS = 40
const ENOUGH_MILLISECONDS = 200

/**
 * The candidate whose runs are the fastest; the first one, unless another is clearly faster.
 *
 * @param run Runs a candidate once and tells the milliseconds that it took.
 */
export function fastest<C>(candidates: readonly C[], run: (candidate: C) => number): C {
  const times = new Map<C, number>()
  let spent = 0
  let racing = [...candidates]
  for (let round = 0; round < ROUNDS && racing.length > 1; round++) {
    for (const candidate of racing) {
      const time = run(candidate)
      spent += time
      times.set(candidate, Math.min(time, times.get(candidate) ?? time))
    }
    const best = Math.min(...times.values())
    racing = racing.filter((candidate) => times.get(candidate)! <= HOPELESS * best)
    // In the first round much is cold.
    if (round > 0 && spent > ENOUGH_MILLISECONDS) break
  }
  const [first] = candidates
  return candidates.reduce((best, each) => {
    const limit = best === first ? CLEARLY * times.get(first)! : times.get(best)!
    return times.get(each)! < limit ? each : best
  }, first)
}
