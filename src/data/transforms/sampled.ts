import { float32, type Tensor } from '../../tensor.js'
import { Geometry } from './geometry.js'
import { sameLevels } from './levels.js'
import { sample } from './sample.js'

/**
 * A picture after a geometric transform; what lies outside is 0, which is the mean of a normalised picture.
 *
 * @param picture (C, H, W).
 * @param transform Changes the geometry, which begins as the whole picture.
 * @returns (C, H′, W′), a new tensor.
 */
export function sampled(picture: Tensor<'float32'>, transform: (geometry: Geometry) => void): Tensor<'float32'> {
  const [channels, height, width] = picture.shape
  const geometry = new Geometry(height, width)
  transform(geometry)
  const target = new Float32Array(channels * geometry.height * geometry.width)
  sample({ data: picture.data, channels, height, width }, geometry, sameLevels(channels), target, 0)
  return float32([channels, geometry.height, geometry.width], target)
}
