import { count, percent } from '../format-numbers.js'
import { type ClassResult, measuresOf, present } from './class-results.js'
import { isNoBetterThanGuessing } from './guessing.js'
import type { Recipe } from './recipe.js'

/** A class this many times smaller than the largest is rare. */
export const IMBALANCE = 3

/** A class that is recognised much less often than the others. */
export interface LaggingClass extends ClassResult {
  readonly recall: number
  /** It has few pictures to learn from, held against the class that has most. */
  readonly isRare: boolean
}

/** Less than this is no matter, however sure it is. */
const LEAST_GAP = 0.15
/** Standard errors: with hundreds of classes some lie two behind by chance. */
const SURE = 3

/**
 * The classes that lie far behind, the worst first: whose recall is so much lower than that of all other pictures together
 * that chance hardly makes it (the test of two proportions). Of a network that is no better than guessing only rare classes
 * are told: it names one class, and says nothing about the others.
 *
 * @param learnt Pictures of each class that the network has learnt from, by the label.
 */
export function laggingClasses(results: readonly ClassResult[], learnt: readonly number[]): LaggingClass[] {
  const known = present(results)
  const sum = (key: 'pictures' | 'correct') => known.reduce((all, own) => all + own[key], 0)
  const [pictures, correct] = [sum('pictures'), sum('correct')]
  const most = Math.max(...learnt)
  const commonest = Math.max(...known.map((own) => own.pictures)) / pictures
  const isGuess = isNoBetterThanGuessing({ top1: correct / pictures, images: pictures }, commonest)
  return known
    .filter((own) => {
      const others = pictures - own.pictures
      const gap = (correct - own.correct) / others - own.correct / own.pictures
      const share = correct / pictures
      const deviation = Math.sqrt(share * (1 - share) * (1 / own.pictures + 1 / others))
      return gap >= LEAST_GAP && gap > SURE * deviation
    })
    .map(
      (own): LaggingClass => ({
        ...own,
        recall: measuresOf(own).recall,
        isRare: IMBALANCE * learnt[own.label] <= most,
      }),
    )
    .filter(({ isRare }) => isRare || !isGuess)
    .sort((a, b) => a.recall - b.recall)
}

/** As many are named. */
const NAMED = 5

/** One line that says which classes lie behind, and what to try. */
export function describeLagging(
  lagging: readonly LaggingClass[],
  names: readonly string[],
  { data }: Pick<Recipe, 'data'>,
): string {
  const shown = lagging
    .slice(0, NAMED)
    .map(
      ({ label, recall, correct, pictures }) =>
        `${names[label]} ${percent(recall)} (${count(correct)} of ${count(pictures)})`,
    )
  const more = lagging.length - shown.length
  const which = [...shown, ...(more > 0 ? [`and ${count(more)} more`] : [])].join(', ')
  return `recognised far less often than the others: ${which}; ${adviceFor(lagging, data)}`
}

function adviceFor(lagging: readonly LaggingClass[], { sampling }: Recipe['data']): string {
  if (!lagging.some(({ isRare }) => isRare))
    return 'look for wrong labels among the mistakes in the report, or add pictures of them'
  return sampling === 'balanced'
    ? 'few pictures teach little, however often they come: add some of rare classes'
    : 'rare classes count for more with --balanced, or with --class-weights balanced'
}
