import type { OperatorTable } from '../../../graph/ops/index.js'
import * as activation from './activation.js'
import type { LoweringContext } from './context.js'
import * as convolution from './convolution.js'
import { dropout } from './dropout.js'
import { onHost } from './host.js'
import { linearCombination } from './linear-combination.js'
import * as localResponseNorm from './local-response-norm.js'
import { matmul } from './matmul.js'
import * as pooling from './pooling.js'
import { reshape } from './reshape.js'
import { softmax } from './softmax.js'
import { sumOver } from './sum-over.js'

/** How each operator is run. */
export const lowerings: OperatorTable<[context: LoweringContext], void> = {
  ...activation,
  ...convolution,
  ...localResponseNorm,
  ...pooling,
  broadcastOver: onHost,
  dropout,
  linearCombination,
  matmul,
  product: onHost,
  reshape,
  softmax,
  softmaxCrossEntropy: onHost,
  softmaxCrossEntropyGradient: onHost,
  sumOver,
  topKCorrect: onHost,
}
