import type { OnnxAttribute } from '../../../formats/onnx/model.js'
import type { OnnxGraphWriter } from '../graph-writer.js'
import { transpose } from './transpose.js'
import { turn } from './turn.js'

/** The domain of ONNX Runtime's operators on channels in blocks: NCHWc. Their schemas are its own, for its own optimizer. */
export const BLOCKED = 'com.microsoft.nchwc'

/** How weights (F, C/groups, K, K) are given. */
export type WeightsAs =
  /** As they are. */
  | 'weights'
  /** Of the forward convolution: filters and channels are to be exchanged within each group, and the taps turned by 180°. */
  | 'weights of the forward convolution'

export interface BlockedConvolution {
  /** Of the result. */
  readonly filters: number
  /** Of what is convolved. */
  readonly channels: number
  readonly kernel: number
  readonly weightsAs: WeightsAs
  readonly attributes: Readonly<Record<string, OnnxAttribute>> & { readonly group: number }
}

/**
 * Whether a convolution can be done on channels in blocks, as ONNX Runtime does by itself where weights are constants: from
 * a quarter to a half faster. In training they are not, so their blocks are made here, at every step.
 */
export function takesBlocks(
  { channelBlock }: OnnxGraphWriter,
  { filters, channels, attributes: { group } }: BlockedConvolution,
): boolean {
  if (!channelBlock) return false
  const isWhole = (count: number) => (count / group) % channelBlock === 0
  return isWhole(filters) && (isWhole(channels) || (group === 1 && channels < channelBlock))
}

/** A convolution of x (N, C, H, W) → (N, F, H', W'), through the library's layout and back. */
export function blockedConvolve(
  graph: OnnxGraphWriter,
  [x, w, ...bias]: readonly string[],
  convolution: BlockedConvolution,
): string {
  const { channels, filters, attributes } = convolution
  // Fewer channels than a block are read as they lie.
  const isBlocked = channels >= graph.channelBlock!
  const input = isBlocked ? graph.node(`${BLOCKED}.ReorderInput`, [x]) : x
  const weights = blockedWeights(graph, w, convolution, isBlocked)
  const output = graph.node(`${BLOCKED}.Conv`, [input, weights, ...bias], attributes)
  return graph.node(`${BLOCKED}.ReorderOutput`, [output], { channels: filters })
}

/**
 * Weights in the order (F/b, C/b, K, K, b of C, b of F), or (F/b, C, K, K, b of F) where C is less than a block b; the
 * shape that they are declared with stays (F, C/groups, K, K).
 */
function blockedWeights(
  graph: OnnxGraphWriter,
  w: string,
  { filters, channels, kernel, weightsAs, attributes: { group } }: BlockedConvolution,
  isBlocked: boolean,
): string {
  const b = graph.channelBlock!
  const taps = kernel * kernel
  const each = channels / group
  const declared = [filters, each, kernel, kernel]
  if (!isBlocked) return transpose(graph, w, [filters / b, b, each, taps], [0, 2, 3, 1], declared)
  if (weightsAs === 'weights')
    return transpose(graph, w, [filters / b, b, each / b, b, taps], [0, 2, 4, 3, 1], declared)
  // The forward convolution's own: (its filters = these channels, its channels = these filters within the group).
  const shape = [group, each / b, b, filters / group / b, b, taps]
  return transpose(graph, turn(graph, w, [channels, filters / group, kernel]), shape, [0, 3, 1, 5, 2, 4], declared)
}
