import type { Label, PlanBuilder, Value } from '../plan.js'

/** The shape of pictures (N, C, H, W) with a border. */
export function withBorder([n, c, h, w]: readonly number[], padding: number): number[] {
  return [n, c, h + 2 * padding, w + 2 * padding]
}

/** Row-major pictures (N, C, H, W) in the middle of new memory, with a border of zeros. */
export function pad(label: Label, pictures: Value, padding: number, plan: PlanBuilder): Value {
  const [n, c, h, w] = pictures.dims
  const padded = plan.value(withBorder(pictures.dims, padding), pictures.type)
  plan.copy(label, pictures, plan.part(padded, [0, 0, padding, padding], pictures.dims))
  // Only the border: the memory is shared with other values, and to clear all of it would be another way through it.
  const clear = (height: number, width: number, ...places: readonly [number, number][]) => {
    const dims = [n, c, height, width]
    const zeros = plan.constant(dims, new Float32Array(n * c * height * width))
    for (const [top, left] of places) plan.copy(label, zeros, plan.part(padded, [0, 0, top, left], dims))
  }
  clear(padding, w + 2 * padding, [0, 0], [h + padding, 0])
  clear(h, padding, [padding, 0], [padding, w + padding])
  return padded
}
