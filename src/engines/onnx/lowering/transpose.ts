import type { OnnxGraphWriter } from '../graph-writer.js'

/**
 * x, seen with one shape, with its axes exchanged, seen with another.
 *
 * ONNX Runtime moves whole rows where it understands what is to be moved, and single values elsewhere, which takes five to ten
 * times as long: with an axis of one element among the others, say. So it is told in as few axes as can be: those of one
 * element are left out, and neighbours that stay neighbours are one.
 *
 * @param shape How x is seen first.
 * @param perm Which of its axes comes where.
 * @param result The shape in which the result is seen.
 */
export function transpose(
  graph: OnnxGraphWriter,
  x: string,
  shape: readonly number[],
  perm: readonly number[],
  result: readonly number[],
): string {
  const runs: number[][] = []
  for (const axis of perm.filter((each) => shape[each] !== 1)) {
    const run = runs.at(-1)
    if (run && isNextTo(run.at(-1)!, axis, shape)) run.push(axis)
    else runs.push([axis])
  }
  const sorted = runs.toSorted(([a], [b]) => a - b)
  const view = graph.node('Reshape', [
    x,
    graph.integers(sorted.map((run) => run.reduce((n, axis) => n * shape[axis], 1))),
  ])
  const moved =
    runs.length < 2 ? view : graph.node('Transpose', [view], { perm: runs.map((run) => sorted.indexOf(run)) })
  return graph.node('Reshape', [moved, graph.integers(result)])
}

/** Whether nothing but axes of one element lies between. */
function isNextTo(a: number, b: number, shape: readonly number[]): boolean {
  return b > a && shape.slice(a + 1, b).every((size) => size === 1)
}
