import { expectRank, floats, type Operator, type Values } from '../operator.js'

/** The probabilities of each row: logits (N, classes) → exp(zᵢ) / Σⱼ exp(zⱼ). It ends an inference program. */
export const softmax: Operator<Readonly<Record<string, never>>> = {
  name: 'softmax',
  float32: 'all',
  infer([logits]) {
    expectRank('softmax', 'logits', logits, 2)
    return floats(logits.shape)
  },
  evaluate(node, [logits], probabilities) {
    const [rows, classes] = node.shape
    for (let row = 0; row < rows; row++) {
      const logSum = logSumExp(logits, row * classes, classes)
      for (let i = row * classes; i < (row + 1) * classes; i++) probabilities[i] = Math.exp(logits[i] - logSum)
    }
  },
}

/** log Σ exp(zᵢ) over `classes` values from `start`. The maximum is taken out first, so that nothing overflows. */
export function logSumExp(z: Values, start: number, classes: number): number {
  let max = Number.NEGATIVE_INFINITY
  for (let i = start; i < start + classes; i++) max = Math.max(max, z[i])
  let sum = 0
  for (let i = start; i < start + classes; i++) sum += Math.exp(z[i] - max)
  return max + Math.log(sum)
}
