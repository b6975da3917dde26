import type { BlockedConvolution, ConvolveInBlocks, OnnxGraphWriter } from '../graph-writer.js'
import { transpose } from './transpose.js'
import { turn } from './turn.js'

/** The domain of ONNX Runtime's operators on channels in blocks: NCHWc. Their schemas are its own, for its own optimizer. */
export const BLOCKED = 'com.microsoft.nchwc'

/**
 * Convolutions as ONNX Runtime does them by itself where weights are constants: from a quarter to a half faster. In training
 * they are not, so their blocks are made here, at every step.
 *
 * @param block Channels that the processor takes at a time.
 */
export function convolveInBlocks(block: number): ConvolveInBlocks {
  return (graph, [x, w, ...bias], convolution) => {
    if (!fillsBlocks(convolution, block)) return undefined
    const { channels, filters, attributes } = convolution
    // Fewer channels than a block are read as they lie.
    const isBlocked = channels >= block
    const input = isBlocked ? graph.node(`${BLOCKED}.ReorderInput`, [x]) : x
    const weights = blockedWeights(graph, w, convolution, block, isBlocked)
    const output = graph.node(`${BLOCKED}.Conv`, [input, weights, ...bias], attributes)
    return graph.node(`${BLOCKED}.ReorderOutput`, [output], { channels: filters })
  }
}

function fillsBlocks(
  { filters, channels, weightsAs, attributes: { group } }: BlockedConvolution,
  block: number,
): boolean {
  const isWhole = (count: number) => (count / group) % block === 0
  const isLess = weightsAs === 'given' && group === 1 && channels < block
  return isWhole(filters) && (isWhole(channels) || isLess)
}

/**
 * Weights in the order (F/b, C/b, K, K, b of C, b of F), or (F/b, C, K, K, b of F) where C is less than a block b; the
 * shape that they are declared with stays (F, C/groups, K, K).
 */
function blockedWeights(
  graph: OnnxGraphWriter,
  w: string,
  { filters, channels, kernel, weightsAs, attributes: { group } }: BlockedConvolution,
  b: number,
  isBlocked: boolean,
): string {
  const taps = kernel * kernel
  const each = channels / group
  const declared = [filters, each, kernel, kernel]
  if (!isBlocked) return transpose(graph, w, [filters / b, b, each, taps], [0, 2, 3, 1], declared)
  if (weightsAs === 'given') return transpose(graph, w, [filters / b, b, each / b, b, taps], [0, 2, 4, 3, 1], declared)
  // The forward convolution's own: (its filters = these channels, its channels = these filters within the group).
  const shape = [group, each / b, b, filters / group / b, b, taps]
  return transpose(graph, turn(graph, w, [channels, filters / group, kernel]), shape, [0, 3, 1, 5, 2, 4], declared)
}
