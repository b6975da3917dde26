import type { OperatorTable } from '../../../graph/ops/index.js'
import { relu, reluGradient, tanh, tanhGradient } from './activation.js'
import type { LoweringContext } from './context.js'
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from './convolution.js'
import { dropout } from './dropout.js'
import { onHost } from './host.js'
import { linearCombination } from './linear-combination.js'
import { localResponseNorm, localResponseNormGradient } from './local-response-norm.js'
import { matmul } from './matmul.js'
import { avgPool2d, avgPool2dGradient, maxPool2d, maxPool2dGradient } from './pooling.js'
import { reshape } from './reshape.js'
import { softmax } from './softmax.js'
import { sumOver } from './sum-over.js'

/** How each operator is run. */
export const lowerings: OperatorTable<[context: LoweringContext], void> = {
  avgPool2d,
  avgPool2dGradient,
  broadcastOver: onHost,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  dropout,
  linearCombination,
  localResponseNorm,
  localResponseNormGradient,
  matmul,
  maxPool2d,
  maxPool2dGradient,
  product: onHost,
  relu,
  reluGradient,
  reshape,
  softmax,
  softmaxCrossEntropy: onHost,
  softmaxCrossEntropyGradient: onHost,
  sumOver,
  tanh,
  tanhGradient,
  topKCorrect: onHost,
}
