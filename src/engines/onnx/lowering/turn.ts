import type { OnnxGraphWriter } from '../graph-writer.js'

/** Weights (F, C, K, K) turned by 180°: the K·K taps in reverse order. */
export function turn(graph: OnnxGraphWriter, w: string, [filters, channels, kernel]: readonly number[]): string {
  if (kernel === 1) return w
  const taps = kernel * kernel
  const flat = graph.node('Reshape', [w, graph.integers([filters, channels, taps])])
  const reversed = graph.node('Gather', [flat, graph.integers(Array.from({ length: taps }, (_, i) => taps - 1 - i))], {
    axis: 2,
  })
  return graph.node('Reshape', [reversed, graph.integers([filters, channels, kernel, kernel])])
}
