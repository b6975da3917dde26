import { type ClassResult, macroAverage, measuresOf, present } from '../runs/class-results.js'

/** What `--json` tells of the classes: the means over all of them, and each that has pictures. */
export function classAnswer(results: readonly ClassResult[], names: readonly string[]) {
  return {
    macro: macroAverage(results),
    classes: present(results).map((result) => ({
      name: names[result.label],
      pictures: result.pictures,
      ...measuresOf(result),
    })),
  }
}
