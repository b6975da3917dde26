import { floats, type Operator } from '../operator.js'
import { expectLogitsAndLabels } from './softmax-cross-entropy.js'

/**
 * How many rows of the batch have their label among the k highest logits: logits (N, classes), labels (N) → a scalar
 * count. The label's rank is the number of classes with a higher logit, so a tie counts in its favour.
 */
export const topKCorrect: Operator<{ readonly k: number }> = {
  name: 'topKCorrect',
  float32: 'all',
  infer([logits, labels]) {
    expectLogitsAndLabels('topKCorrect', logits, labels)
    return floats([])
  },
  evaluate(node, [logits, labels], count) {
    const [rows, classes] = node.inputs[0].shape
    for (let row = 0; row < rows; row++) {
      const own = logits[row * classes + labels[row]]
      let higher = 0
      for (let c = 0; c < classes; c++) if (logits[row * classes + c] > own) higher++
      if (higher < node.attributes.k) count[0]++
    }
  },
}
