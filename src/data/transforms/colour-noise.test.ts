import { expect, it } from 'vitest'
import { random } from '../../random.js'
import { float32 } from '../../tensor.js'
import { preprocess } from '../preprocessing.js'
import { type ColourNoise, colourNoise, drawColourShift } from './colour-noise.js'

const noise: ColourNoise = {
  kind: 'colour-noise',
  deviation: 0.1,
  eigenvalues: [10_000, 400, 25],
  eigenvectors: [
    [0.6, 0.8, 0],
    [-0.8, 0.6, 0],
    [0, 0, 1],
  ],
}

it('varies along the components by their deviations', () => {
  const shifts = Array.from({ length: 4000 }, (_, seed) => drawColourShift(noise, random(seed, 'test')))
  noise.eigenvectors.forEach((vector, component) => {
    const along = shifts.map((shift) => shift.reduce((sum, value, c) => sum + value * vector[c], 0))
    const deviation = Math.sqrt(along.reduce((sum, value) => sum + value * value, 0) / along.length)
    expect(deviation / (0.1 * Math.sqrt(noise.eigenvalues[component]))).toBeCloseTo(1, 1)
  })
})

it('adds one colour to all pixels, in a batch as alone', () => {
  const bytes = Uint8Array.from({ length: 12 }, (_, i) => 20 * i)
  const alone = colourNoise(float32([3, 2, 2], Float32Array.from(bytes)), noise, random(5, 'test'))
  const shift = drawColourShift(noise, random(5, 'test'))
  bytes.forEach((byte, i) => {
    expect(alone.data[i]).toBeCloseTo(byte + shift[Math.floor(i / 4)], 4)
  })
  const target = new Float32Array(12)
  const normalisation = { kind: 'channel', mean: [10, 20, 30], deviation: [2, 3, 4] } as const
  preprocess(bytes, [3, 2, 2], { size: 2, normalisation, augmentation: [noise] }, random(5, 'test'), target, 0)
  target.forEach((value, i) => {
    const c = Math.floor(i / 4)
    expect(value).toBeCloseTo((alone.data[i] - normalisation.mean[c]) / normalisation.deviation[c], 4)
  })
})
