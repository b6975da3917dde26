import type { ValueType } from '../node.js'
import { expectDType, expectRank, expectShape, floats, type Operator } from '../operator.js'
import { logSumExp } from './softmax.js'

type NoAttributes = Readonly<Record<string, never>>

/**
 * The mean over the batch of −log(softmax(z)[label]): logits z (N, classes), labels (N, int32) → a scalar.
 *
 * Its gradient with respect to z is (softmax(z) − onehot(label)) / N, times that of the loss.
 */
export const softmaxCrossEntropy: Operator<NoAttributes> = {
  name: 'softmaxCrossEntropy',
  float32: 'all',
  infer([logits, labels]) {
    expectLogitsAndLabels('softmaxCrossEntropy', logits, labels)
    return floats([])
  },
  gradient: (graph, node, outputGradient) => [
    graph.add(softmaxCrossEntropyGradient, [node.inputs[0], node.inputs[1], outputGradient], {}),
    undefined,
  ],
  evaluate(node, [logits, labels], loss) {
    const [rows, classes] = node.inputs[0].shape
    for (let row = 0; row < rows; row++)
      loss[0] += (logSumExp(logits, row * classes, classes) - logits[row * classes + labels[row]]) / rows
  },
}

/** logits (N, classes), labels (N), the loss's gradient (scalar) → the gradient of the logits. */
export const softmaxCrossEntropyGradient: Operator<NoAttributes> = {
  name: 'softmaxCrossEntropyGradient',
  float32: 'all',
  infer([logits, labels, g]) {
    expectLogitsAndLabels('softmaxCrossEntropyGradient', logits, labels)
    expectShape('softmaxCrossEntropyGradient', 'gradient of the loss', g, [])
    return floats(logits.shape)
  },
  evaluate(node, [logits, labels, g], dz) {
    const [rows, classes] = node.shape
    for (let row = 0; row < rows; row++) {
      const logSum = logSumExp(logits, row * classes, classes)
      for (let c = 0; c < classes; c++) {
        const probability = Math.exp(logits[row * classes + c] - logSum)
        dz[row * classes + c] = ((probability - (labels[row] === c ? 1 : 0)) * g[0]) / rows
      }
    }
  },
}

/** Checks logits (N, classes) and labels (N, int32). */
export function expectLogitsAndLabels(op: string, logits: ValueType, labels: ValueType): void {
  expectRank(op, 'logits', logits, 2)
  expectDType(op, 'labels', labels, 'int32')
  expectShape(op, 'labels', labels, [logits.shape[0]])
}
