import { copy } from './copy.js'
import type { Geometry } from './geometry.js'
import type { Levels } from './levels.js'
import { resample } from './resample.js'
import type { Source } from './source.js'
import { visibleColumns } from './visible-columns.js'
import { warp } from './warp.js'

/**
 * Draws what a geometry shows of a picture, in the cheapest way that is exact: pixels are copied where it only moves and
 * mirrors; rows and columns are resampled one after the other where it stretches; else each pixel is interpolated.
 *
 * @param target geometry.height × geometry.width values a channel are written from `offset` on, all of them.
 */
export function sample(source: Source, geometry: Geometry, levels: Levels, target: Float32Array, offset: number): void {
  const { height, width } = geometry
  const visible = visibleColumns(geometry)
  // The target may hold an earlier picture.
  for (let c = 0; c < source.channels; c++)
    for (let y = 0; y < height; y++) {
      const row = offset + (c * height + y) * width
      if (visible.first[y] > 0) target.fill(levels.outside[c], row, row + visible.first[y])
      if (visible.end[y] < width) target.fill(levels.outside[c], row + visible.end[y], row + width)
    }
  // Nothing of the picture is left.
  if (geometry.left >= geometry.right || geometry.top >= geometry.bottom) return
  if (geometry.copies) copy(source, geometry, visible, levels, target, offset)
  else {
    const draw = geometry.separable ? resample : warp
    draw(lessMean(source), geometry, visible, levels, target, offset)
  }
}

/** Memory that is kept between pictures: nothing of it is read before it is written. */
let difference = new Float32Array(0)

function lessMean(source: Source): Source {
  const { data, mean, channels, height, width } = source
  if (!mean) return source
  const length = channels * height * width
  if (difference.length < length) difference = new Float32Array(length)
  for (let i = 0; i < length; i++) difference[i] = data[i] - mean[i]
  return { data: difference, channels, height, width }
}
