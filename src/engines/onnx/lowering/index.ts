import type { Node } from '../../../graph/node.js'
import type { OperatorTable } from '../../../graph/ops/index.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import * as activation from './activation.js'
import * as convolution from './convolution.js'
import { dropout } from './dropout.js'
import { linearCombination } from './linear-combination.js'
import * as localResponseNorm from './local-response-norm.js'
import { matmul } from './matmul.js'
import * as pooling from './pooling.js'
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
  ...activation,
  ...convolution,
  ...localResponseNorm,
  ...pooling,
  broadcastOver,
  dropout,
  linearCombination,
  matmul,
  product,
  reshape,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  sumOver,
  topKCorrect,
}
