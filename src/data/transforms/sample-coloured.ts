import type { Geometry } from './geometry.js'
import { type Levels, sameLevels } from './levels.js'
import { sample } from './sample.js'
import type { Source } from './source.js'
import type { Colouring } from './transform-kind.js'

/**
 * As `sample`, with colours that are changed on the way, while values still are those of a picture: on the scale 0–255. What
 * lies outside is the mean, and changes with it.
 */
export function sampleColoured(
  source: Source,
  geometry: Geometry,
  { mean, scale, outside }: Levels,
  colours: readonly Colouring[],
  target: Float32Array,
  offset: number,
): void {
  const { mean: meanPicture, ...picture } = source
  const { channels } = source
  const { height, width } = geometry
  const area = height * width
  const same = sameLevels(channels)
  const around = Array.from(same.outside, (zero, c) => (meanPicture ? average(meanPicture, c, channels) : zero))
  const level = around.map((value, c) => value + mean[c] + outside[c] / scale[c])
  sample(picture, geometry, { ...same, outside: level }, target, offset)
  for (const colouring of colours) colouring({ data: target, offset, channels, height, width })
  if (meanPicture) {
    if (moved.length < channels * area) moved = new Float32Array(channels * area)
    sample({ ...picture, data: meanPicture }, geometry, { ...same, outside: around }, moved, 0)
    for (let i = 0; i < channels * area; i++) target[offset + i] -= moved[i]
  }
  for (let c = 0; c < channels; c++)
    for (let i = offset + c * area; i < offset + (c + 1) * area; i++) target[i] = (target[i] - mean[c]) * scale[c]
}

/** Memory that is kept between pictures: nothing of it is read before it is written. */
let moved = new Float32Array(0)

function average(picture: Float32Array, channel: number, channels: number): number {
  const area = picture.length / channels
  return picture.subarray(channel * area, (channel + 1) * area).reduce((sum, value) => sum + value, 0) / area
}
