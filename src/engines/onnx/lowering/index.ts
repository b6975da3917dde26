import type { Node } from '../../../graph/node.js'
import type { OperatorTable } from '../../../graph/ops/index.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import { relu, reluGradient, tanh, tanhGradient } from './activation.js'
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from './convolution.js'
import { dropout } from './dropout.js'
import { linearCombination } from './linear-combination.js'
import { localResponseNorm, localResponseNormGradient } from './local-response-norm.js'
import { matmul } from './matmul.js'
import { avgPool2d, avgPool2dGradient, maxPool2d, maxPool2dGradient } from './pooling.js'
import { product } from './product.js'
import { reshape } from './reshape.js'
import { softmax } from './softmax.js'
import { softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax-cross-entropy.js'
import { broadcastOver, sumOver } from './sum-over.js'
import { topKCorrect } from './top-k-correct.js'

/** How each operator is written. */
export const lowerings: OperatorTable<
  [inputs: readonly string[], graph: OnnxGraphWriter, users: readonly Node[]],
  string
> = {
  avgPool2d,
  avgPool2dGradient,
  broadcastOver,
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
  product,
  relu,
  reluGradient,
  reshape,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  sumOver,
  tanh,
  tanhGradient,
  topKCorrect,
}
