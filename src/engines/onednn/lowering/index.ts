import type { OperatorTable } from '../../../graph/ops/index.js'
import { relu, reluGradient, tanh, tanhGradient } from './activation.js'
import { adamDirection } from './adam.js'
import { batchMean, batchNorm, batchNormInputGradient } from './batch-norm.js'
import type { LoweringContext } from './context.js'
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from './convolution.js'
import { dropout, dropoutMask } from './dropout.js'
import { sumOfSquares } from './gradient-norm.js'
import { onHost } from './host.js'
import { linearCombination } from './linear-combination.js'
import { localResponseNorm, localResponseNormGradient } from './local-response-norm.js'
import { matmul } from './matmul.js'
import { avgPool2d, avgPool2dGradient, maxPool2d, maxPool2dGradient } from './pooling.js'
import { product } from './product.js'
import { reshape } from './reshape.js'
import { softmax } from './softmax.js'
import { sumOver } from './sum-over.js'

/** How each operator is run. */
export const lowerings: OperatorTable<[context: LoweringContext], void> = {
  adamDirection,
  avgPool2d,
  avgPool2dGradient,
  batchMean,
  batchNorm,
  batchNormInputGradient,
  batchNormScaleGradient: onHost,
  batchVariance: onHost,
  biasCorrection: onHost,
  broadcastOver: onHost,
  clipFactor: onHost,
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
  quotient: onHost,
  relu,
  reluGradient,
  reshape,
  softTargetCrossEntropy: onHost,
  softTargetCrossEntropyGradient: onHost,
  softmax,
  softmaxCrossEntropy: onHost,
  softmaxCrossEntropyGradient: onHost,
  sumOfSquares,
  sumOver,
  tanh,
  tanhGradient,
  topKCorrect: onHost,
}
