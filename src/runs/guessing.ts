import type { Metrics } from './metrics.js'

type Accuracy = Pick<Metrics, 'top1' | 'images'>

/** The share of pictures that whoever always names the most frequent class gets right. */
export function guessingRate(labels: Iterable<number>): number {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  const pictures = [...counts.values()]
  return Math.max(...pictures) / pictures.reduce((a, b) => a + b, 0)
}

/** The accuracy is what guessing may well give: not two standard errors above it. */
export function isNoBetterThanGuessing({ top1, images }: Accuracy, guessing: number): boolean {
  return top1 <= guessing + 2 * Math.sqrt((guessing * (1 - guessing)) / images)
}

/** So many steps are few for a network that starts from nothing. */
const FEW_STEPS = 500

/**
 * What to try when a network is no better than guessing.
 * @param training Of its last epoch.
 */
export function adviceForGuessing(steps: number, training: Accuracy | undefined, guessing: number): string {
  if (training && !isNoBetterThanGuessing(training, guessing))
    return 'it has learnt its own pictures and nothing beyond them: try more pictures, or --weights of a trained network'
  if (steps < FEW_STEPS)
    return `it has learnt for no more than ${steps === 1 ? 'one step' : `${steps} steps`}: try --min-steps ${2 * FEW_STEPS}`
  return 'it has not begun to learn: try another --lr, --norm batch, or --weights of a trained network'
}
