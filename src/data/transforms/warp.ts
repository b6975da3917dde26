import { Geometry } from './geometry.js'
import { type Levels, sameLevels } from './levels.js'
import { resample } from './resample.js'
import type { Source } from './source.js'
import type { VisibleColumns } from './visible-columns.js'

/** Memory that is kept between pictures: nothing of it is read before it is written. */
let reduced = new Float32Array(0)
let place = new Int32Array(0)
let right = new Float64Array(0)
let down = new Float64Array(0)

/** A reduction by less is rounding. */
const NOT_REDUCED = 1 + 1e-6

/**
 * Interpolates every visible pixel between the four of the source that lie around it (bilinear); at the ends the edge is
 * repeated by half a pixel. These are the rules of Pillow's `Image.rotate(…, BILINEAR)`. Where the picture is also
 * reduced, four pixels would not be all that count, so its sides are reduced first: see `TriangleFilter`.
 */
export function warp(
  source: Source,
  geometry: Geometry,
  visible: VisibleColumns,
  levels: Levels,
  target: Float32Array,
  offset: number,
): void {
  // How far a step of one pixel on the canvas leads in the source at most, along either axis.
  const reduction = { x: Math.hypot(geometry.xx, geometry.xy), y: Math.hypot(geometry.yx, geometry.yy) }
  if (reduction.x > NOT_REDUCED || reduction.y > NOT_REDUCED) {
    const { left, right, top, bottom } = geometry
    const smaller = new Geometry(source.height, source.width)
    smaller.crop({ top, left }, bottom - top, right - left)
    smaller.resize(
      Math.max(1, Math.round((bottom - top) / Math.max(1, reduction.y))),
      Math.max(1, Math.round((right - left) / Math.max(1, reduction.x))),
    )
    interpolate(reduce(source, smaller), seenFrom(smaller, geometry), visible, levels, target, offset)
  } else interpolate(source, geometry, visible, levels, target, offset)
}

function reduce(source: Source, smaller: Geometry): Source {
  const { height, width } = smaller
  const { channels } = source
  if (reduced.length < channels * height * width) reduced = new Float32Array(channels * height * width)
  const all = { first: new Int32Array(height), end: new Int32Array(height).fill(width) }
  resample(source, smaller, all, sameLevels(channels), reduced, 0)
  return { data: reduced, channels, height, width }
}

type AffineMap = Pick<Geometry, 'xx' | 'xy' | 'x0' | 'yx' | 'yy' | 'y0' | 'left' | 'right' | 'top' | 'bottom'> &
  Pick<Geometry, 'height' | 'width'>

/** The map to the reduced source instead of the source. */
function seenFrom(smaller: Geometry, { xx, xy, x0, yx, yy, y0, height, width }: Geometry): AffineMap {
  const x = 1 / smaller.xx
  const y = 1 / smaller.yy
  return {
    ...{ xx: xx * x, xy: xy * x, x0: (x0 - smaller.x0) * x },
    ...{ yx: yx * y, yy: yy * y, y0: (y0 - smaller.y0) * y },
    ...{ left: 0, right: smaller.width, top: 0, bottom: smaller.height, height, width },
  }
}

function interpolate(
  { data, channels, height: sourceHeight, width: sourceWidth }: Source,
  geometry: AffineMap,
  { first, end }: VisibleColumns,
  { mean, scale }: Levels,
  target: Float32Array,
  offset: number,
): void {
  const { height, width, xx, xy, x0, yx, yy, y0 } = geometry
  if (place.length < width) {
    place = new Int32Array(width)
    right = new Float64Array(width)
    down = new Float64Array(width)
  }
  // The centres of the outermost pixels, and the last ones from which there is a next.
  const [mostLeft, mostRight] = [geometry.left + 0.5, geometry.right - 0.5]
  const [mostTop, mostBottom] = [geometry.top + 0.5, geometry.bottom - 0.5]
  const nextColumn = geometry.right - geometry.left > 1 ? 1 : 0
  const nextRow = geometry.bottom - geometry.top > 1 ? sourceWidth : 0
  const lastColumn = geometry.right - 1 - nextColumn
  const lastRow = nextRow === 0 ? geometry.top : geometry.bottom - 2
  for (let y = 0; y < height; y++) {
    const from = first[y]
    const to = end[y]
    for (let x = from; x < to; x++) {
      const atX = Math.min(mostRight, Math.max(mostLeft, xx * (x + 0.5) + xy * (y + 0.5) + x0)) - 0.5
      const atY = Math.min(mostBottom, Math.max(mostTop, yx * (x + 0.5) + yy * (y + 0.5) + y0)) - 0.5
      const column = Math.min(lastColumn, Math.floor(atX))
      const row = Math.min(lastRow, Math.floor(atY))
      place[x] = row * sourceWidth + column
      right[x] = atX - column
      down[x] = atY - row
    }
    for (let c = 0; c < channels; c++) {
      const channel = c * sourceHeight * sourceWidth
      const own = offset + (c * height + y) * width
      const channelMean = mean[c]
      const channelScale = scale[c]
      for (let x = from; x < to; x++) {
        const at = channel + place[x]
        const below = at + nextRow
        const upper = data[at] + (data[at + nextColumn] - data[at]) * right[x]
        const lower = data[below] + (data[below + nextColumn] - data[below]) * right[x]
        target[own + x] = (upper + (lower - upper) * down[x] - channelMean) * channelScale
      }
    }
  }
}
