import type { Node } from '../../../graph/node.js'
import type { OperatorTable } from '../../../graph/ops/index.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import { relu, reluGradient, tanh, tanhGradient } from './activation.js'
import { adamDirection, quotient } from './adam.js'
import { batchMean, batchNorm, batchNormInputGradient, batchNormScaleGradient, batchVariance } from './batch-norm.js'
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from './convolution.js'
import { dropout } from './dropout.js'
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
import { stepValue } from './step-value.js'
import { broadcastOver, sumOver } from './sum-over.js'
import { topKCorrect } from './top-k-correct.js'

/** How each operator is written. */
export const lowerings: OperatorTable<
  [inputs: readonly string[], graph: OnnxGraphWriter, users: readonly Node[]],
  string
> = {
  adamDirection,
  avgPool2d,
  avgPool2dGradient,
  batchMean,
  batchNorm,
  batchNormInputGradient,
  batchNormScaleGradient,
  batchVariance,
  biasCorrection: stepValue,
  broadcastOver,
  clipFactor,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  dropout,
  dropoutMask: stepValue,
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
}
