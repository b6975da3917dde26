import type { Geometry } from './geometry.js'

/** For each row of a canvas, the columns that show the picture: first[y] ≤ x < end[y]. */
export interface VisibleColumns {
  readonly first: Int32Array
  readonly end: Int32Array
}

/** Kept between pictures. */
let memory: VisibleColumns = { first: new Int32Array(0), end: new Int32Array(0) }

/**
 * The visible part of a canvas, row by row: the pixels whose centres lie within all edges. It is convex, so each row is
 * one interval. Valid until the next call.
 */
export function visibleColumns({ edges, height, width }: Geometry): VisibleColumns {
  if (memory.first.length < height) memory = { first: new Int32Array(height), end: new Int32Array(height) }
  const { first, end } = memory
  for (let y = 0; y < height; y++) {
    let from = 0
    let to = width
    for (const edge of edges) {
      // x · (column + ½) + rest ≥ 0
      const rest = edge.y * (y + 0.5) + edge.c
      if (edge.x > 0) from = Math.max(from, Math.ceil(-rest / edge.x - 0.5))
      else if (edge.x < 0) to = Math.min(to, Math.floor(-rest / edge.x - 0.5) + 1)
      else if (rest < 0) to = 0
    }
    first[y] = Math.min(from, width)
    end[y] = Math.max(first[y], to)
  }
  return memory
}
