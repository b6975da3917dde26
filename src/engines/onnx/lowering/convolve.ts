import type { OnnxAttribute } from '../../../formats/onnx/model.js'
import type { OnnxGraphWriter } from '../graph-writer.js'

/**
 * A Conv of x (N, C, H, W) with the filters w (F, C/groups, …).
 *
 * ONNX Runtime 1.30 gives wrong results on WebGPU, without a word, where C is a multiple of 3 but not of 4, from 6 on (it
 * reads three channels at a time there): with a channel of zeros more it does not.
 */
export function convolve(
  graph: OnnxGraphWriter,
  [x, w, ...bias]: readonly string[],
  channels: number,
  attributes: Readonly<Record<string, OnnxAttribute>> & { readonly group: number },
): string {
  const readsThree = channels % 3 === 0 && channels % 4 !== 0 && channels > 3
  if (graph.target !== 'webgpu' || attributes.group > 1 || !readsThree)
    return graph.node('Conv', [x, w, ...bias], attributes)
  const more = graph.integers([0, 0, 0, 0, 0, 1, 0, 0])
  const wider = [x, w].map((each) => graph.node('Pad', [each, more]))
  return graph.node('Conv', [...wider, ...bias], attributes)
}
