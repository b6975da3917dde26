import type { ValueType } from '../node.js'
import { expectRank, expectShape, floats, type Operator } from '../operator.js'
import { logSumExp } from './softmax.js'

type NoAttributes = Readonly<Record<string, never>>

/**
 * The mean over the batch of −Σc tc·log(softmax(z)c): logits z (N, classes), targets t (N, classes) → a scalar. It is
 * PyTorch's `cross_entropy` with probabilities as targets; a row need not sum to 1, so weights can be part of it.
 *
 * With s = Σc tc it is s·log Σ exp(z) − Σ t·z, so its gradient with respect to z is (s·softmax(z) − t) / N, times that of
 * the loss. The targets are data and have none.
 */
export const softTargetCrossEntropy: Operator<NoAttributes> = {
  name: 'softTargetCrossEntropy',
  float32: 'all',
  infer([logits, targets]) {
    expectLogitsAndTargets('softTargetCrossEntropy', logits, targets)
    return floats([])
  },
  gradient: (graph, node, outputGradient) => [
    graph.add(softTargetCrossEntropyGradient, [node.inputs[0], node.inputs[1], outputGradient], {}),
    undefined,
  ],
  evaluate(node, [logits, targets], loss) {
    const [rows, classes] = node.inputs[0].shape
    for (let row = 0; row < rows; row++) {
      const logSum = logSumExp(logits, row * classes, classes)
      for (let i = row * classes; i < (row + 1) * classes; i++) loss[0] += (targets[i] * (logSum - logits[i])) / rows
    }
  },
}

/** logits (N, classes), targets (N, classes), the loss's gradient (scalar) → the gradient of the logits. */
export const softTargetCrossEntropyGradient: Operator<NoAttributes> = {
  name: 'softTargetCrossEntropyGradient',
  float32: 'all',
  infer([logits, targets, g]) {
    expectLogitsAndTargets('softTargetCrossEntropyGradient', logits, targets)
    expectShape('softTargetCrossEntropyGradient', 'gradient of the loss', g, [])
    return floats(logits.shape)
  },
  evaluate(node, [logits, targets, g], dz) {
    const [rows, classes] = node.shape
    for (let row = 0; row < rows; row++) {
      const [from, to] = [row * classes, (row + 1) * classes]
      const logSum = logSumExp(logits, from, classes)
      let sum = 0
      for (let i = from; i < to; i++) sum += targets[i]
      for (let i = from; i < to; i++) dz[i] = ((sum * Math.exp(logits[i] - logSum) - targets[i]) * g[0]) / rows
    }
  },
}

function expectLogitsAndTargets(op: string, logits: ValueType, targets: ValueType): void {
  expectRank(op, 'logits', logits, 2)
  expectShape(op, 'targets', targets, logits.shape)
}
