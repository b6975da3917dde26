import type { Node } from '../node.js'
import type { Operator } from '../operator.js'
import { relu, reluGradient, tanh, tanhGradient } from './activation.js'
import { adamDirection, biasCorrection, quotient } from './adam.js'
import { batchMean, batchNorm, batchNormInputGradient, batchNormScaleGradient, batchVariance } from './batch-norm.js'
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from './convolution.js'
import { dropout, dropoutMask } from './dropout.js'
import { clipFactor, sumOfSquares } from './gradient-norm.js'
import { linearCombination } from './linear-combination.js'
import { localResponseNorm, localResponseNormGradient } from './local-response-norm.js'
import { matmul } from './matmul.js'
import { avgPool2d, avgPool2dGradient, maxPool2d, maxPool2dGradient } from './pooling.js'
import { product } from './product.js'
import { reshape } from './reshape.js'
import { softTargetCrossEntropy, softTargetCrossEntropyGradient } from './soft-target-cross-entropy.js'
import { softmax } from './softmax.js'
import { softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax-cross-entropy.js'
import { broadcastOver, sumOver } from './sum-over.js'
import { topKCorrect } from './top-k-correct.js'

/** Every operator of the language. */
export const operators = {
  adamDirection,
  avgPool2d,
  avgPool2dGradient,
  batchMean,
  batchNorm,
  batchNormInputGradient,
  batchNormScaleGradient,
  batchVariance,
  biasCorrection,
  broadcastOver,
  clipFactor,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  dropout,
  dropoutMask,
  linearCombination,
  localResponseNorm,
  localResponseNormGradient,
  matmul,
  maxPool2d,
  maxPool2dGradient,
  product,
  quotient,
  relu,
  reluGradient,
  reshape,
  softTargetCrossEntropy,
  softTargetCrossEntropyGradient,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  sumOfSquares,
  sumOver,
  tanh,
  tanhGradient,
  topKCorrect,
} as const

export type OperatorName = keyof typeof operators

/** A node of the given operator, with the attributes that belong to it. */
export type NodeOf<Name extends OperatorName> = (typeof operators)[Name] extends Operator<infer A> ? Node<A> : never

/**
 * One entry for each operator: the form of an engine's lowering. The compiler refuses an engine that lacks one.
 */
export type OperatorTable<Args extends readonly unknown[], Result> = {
  readonly [Name in OperatorName]: (node: NodeOf<Name>, ...args: Args) => Result
}

/** Whether no operator makes a node: its value comes from outside, or is known when the program is built. */
export function isSource({ op }: Node): boolean {
  return op === 'input' || op === 'state' || op === 'constant'
}

/** What a node is made by; undefined for a source, and for what is no operator of the language. */
export function operatorOf({ op }: Node): Operator | undefined {
  return Object.hasOwn(operators, op) ? (operators[op as OperatorName] as unknown as Operator) : undefined
}

/** The entry for a node's operator, or undefined for a source (`input`, `state`, `constant`). */
export function entryFor<Args extends readonly unknown[], Result>(
  table: OperatorTable<Args, Result>,
  node: Node,
): ((node: Node, ...args: Args) => Result) | undefined {
  const entries = table as unknown as Readonly<Record<string, (node: Node, ...args: Args) => Result>>
  return isSource(node) ? undefined : entries[node.op]
}
