import * as z from 'zod'
import { RandomStream } from '../../random.js'
import { float32, type Tensor } from '../../tensor.js'
import { fillNormal } from './normal-table.js'
import { plainKind } from './transform-kind.js'

/**
 * The default is that of scikit-image's `random_noise`: a variance of 0.01 on the scale 0–1. Unlike there, values below 0
 * and above 255 stay: cutting them off would move the mean.
 */
const gaussianNoiseSchema = z
  .strictObject({
    kind: z.literal('gaussian-noise'),
    deviation: z.number().positive().default(25.5).describe('On the scale 0–255.'),
  })
  .describe('Adds to every value of every channel a normal number of its own with this deviation. In a test: nothing.')

/** Two numbers of the stream: they are the key of a stream of the noise's own, whose length is that of the picture. */
export const gaussianNoiseKind = plainKind(gaussianNoiseSchema, {
  train({ deviation }, { passes }, stream) {
    const own = new RandomStream(stream.uint32(), stream.uint32())
    passes.push(({ data, offset, channels, height, width, scale }) => {
      const area = height * width
      for (let c = 0; c < channels; c++)
        addNoise(data.subarray(offset + c * area, offset + (c + 1) * area), deviation * scale[c], own)
    })
  },
})

let noise = new Float32Array(0)

function addNoise(values: Float32Array, deviation: number, stream: RandomStream): void {
  if (noise.length < values.length) noise = new Float32Array(values.length)
  fillNormal(noise, values.length, stream)
  for (let i = 0; i < values.length; i++) values[i] += deviation * noise[i]
}

/**
 * The picture with Gaussian noise. Each value takes 16 bits of `stream`: see `fillNormal`.
 *
 * @param picture (C, H, W).
 * @param deviation On the picture's own scale.
 * @returns (C, H, W), a new tensor.
 */
export function gaussianNoise(picture: Tensor<'float32'>, deviation: number, stream: RandomStream): Tensor<'float32'> {
  const noisy = Float32Array.from(picture.data)
  addNoise(noisy, deviation, stream)
  return float32(picture.shape, noisy)
}
