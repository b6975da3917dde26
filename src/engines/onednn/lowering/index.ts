import type { OperatorTable } from '../../../graph/ops/index.js'
import * as convolution from './convolution.js'
import * as elementwise from './elementwise.js'
import { onHost } from './host.js'
import { linearCombination } from './linear-combination.js'
import * as localResponseNorm from './local-response-norm.js'
import type { Lowering } from './lowering.js'
import { matmul } from './matmul.js'
import * as pooling from './pooling.js'
import { softmax } from './softmax.js'
import { sumOver } from './sum-over.js'

/** How each operator is run. */
export const lowerings: OperatorTable<[lowering: Lowering], void> = {
  ...convolution,
  ...elementwise,
  ...localResponseNorm,
  ...pooling,
  broadcastOver: onHost,
  linearCombination,
  matmul,
  product: onHost,
  softmax,
  softmaxCrossEntropy: onHost,
  softmaxCrossEntropyGradient: onHost,
  sumOver,
  topKCorrect: onHost,
}
