import type { Geometry } from './geometry.js'
import type { Levels } from './levels.js'
import type { Source } from './source.js'
import type { VisibleColumns } from './visible-columns.js'

/** Copies the visible pixels: exact, for a geometry that only moves by whole pixels and mirrors. */
export function copy(
  { data, mean: meanPicture, channels, height: sourceHeight, width: sourceWidth }: Source,
  { height, width, xx, yy, x0, y0 }: Geometry,
  { first, end }: VisibleColumns,
  { mean, scale }: Levels,
  target: Float32Array,
  offset: number,
): void {
  const top = yy > 0 ? y0 : y0 - 1
  const left = xx > 0 ? x0 : x0 - 1
  for (let c = 0; c < channels; c++) {
    const channelMean = mean[c]
    const channelScale = scale[c]
    for (let y = 0; y < height; y++) {
      let from = (c * sourceHeight + top + yy * y) * sourceWidth + left + xx * first[y]
      const row = offset + (c * height + y) * width
      const stop = row + end[y]
      if (meanPicture)
        for (let to = row + first[y]; to < stop; to++, from += xx)
          target[to] = (data[from] - meanPicture[from] - channelMean) * channelScale
      else
        for (let to = row + first[y]; to < stop; to++, from += xx)
          target[to] = (data[from] - channelMean) * channelScale
    }
  }
}
