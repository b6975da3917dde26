import { describe, expect, it } from 'vitest'
import { random } from '../../random.js'
import { type Preprocessing, preprocess } from '../preprocessing.js'
import { drawRectangle } from './random-erasing.js'
import { type TransformSettings, transformSchema } from './transform.js'

/** One use of a picture of ones, without normalisation. */
function erased(settings: Partial<TransformSettings>, seed: number, side = 16): Float32Array {
  const preprocessing: Preprocessing = {
    size: side,
    normalisation: { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] },
    augmentation: [transformSchema.parse({ kind: 'random-erasing', ...settings })],
  }
  const target = new Float32Array(3 * side * side)
  const bytes = new Uint8Array(target.length).fill(1)
  preprocess(bytes, [3, side, side], preprocessing, random(seed, 'test'), target, 0)
  return target
}

const seeds = Array.from({ length: 1000 }, (_, seed) => seed)

it('draws area and aspect within their bounds, anywhere, and never the whole height or width', () => {
  const settings = { scale: [0.1, 0.4] as [number, number], ratio: [0.5, 3] as [number, number] }
  const boxes = seeds.map((seed) => drawRectangle(60, 90, settings, random(seed, 'test'))!)
  for (const { top, left, height, width } of boxes) {
    expect(height / width).toBeGreaterThan(0.5 * 0.95)
    expect(height / width).toBeLessThan(3 * 1.05)
    expect(height * width).toBeGreaterThan(0.1 * 60 * 90 * 0.95)
    expect(height * width).toBeLessThan(0.4 * 60 * 90 * 1.05)
    expect(height).toBeLessThan(60)
    expect(top >= 0 && top + height <= 60 && left >= 0 && left + width <= 90).toBe(true)
  }
  const mean = boxes.reduce((sum, { height, width }) => sum + height * width, 0) / boxes.length
  expect(mean / (60 * 90)).toBeCloseTo(0.25, 1)
  // Uniform in the logarithm; high rectangles do not fit as often.
  const high = boxes.filter(({ height, width }) => height / width > Math.sqrt(0.5 * 3)).length
  expect(high / boxes.length).toBeGreaterThan(0.3)
  expect(Math.min(...boxes.map(({ top }) => top))).toBe(0)
  expect(Math.max(...boxes.map(({ left, width }) => left + width))).toBe(90)
})

it('erases nothing where no rectangle fits', () => {
  const settings = { scale: [1, 1] as [number, number], ratio: [1, 1] as [number, number] }
  expect(drawRectangle(8, 8, settings, random(1, 'test'))).toBeUndefined()
  expect(erased({ probability: 1, ...settings }, 1).every((value) => value === 1)).toBe(true)
})

describe('a square of fixed size', () => {
  const square = { scale: [0.1, 0.1] as [number, number], ratio: [1, 1] as [number, number], side: 6 }
  const boxes = seeds.map((seed) => drawRectangle(16, 10, square, random(seed, 'test'))!)

  it('is about any pixel, and cut off at the edges', () => {
    const places = new Set(boxes.map(({ top, left, height, width }) => `${top} ${left} ${height} ${width}`))
    expect(places.size).toBe(160)
    expect(places).toContain('5 2 6 6')
    expect(places).toContain('0 0 3 3')
    expect(places).toContain('12 6 4 4')
  })

  it('may be larger than the picture', () => {
    expect(drawRectangle(4, 4, { ...square, side: 20 }, random(1, 'test'))).toEqual({
      top: 0,
      left: 0,
      height: 4,
      width: 4,
    })
  })
})

it('erases as often as it should: the same rectangle of all channels, with the mean', () => {
  const uses = seeds.map((seed) => erased({ probability: 0.3 }, seed))
  const hit = uses.filter((values) => values.includes(0))
  expect(Math.abs(hit.length - 300)).toBeLessThan(60)
  for (const values of hit.slice(0, 20)) {
    const [r, g, b] = [0, 1, 2].map((c) => values.subarray(256 * c, 256 * (c + 1)))
    expect(g).toEqual(r)
    expect(b).toEqual(r)
    expect(r.filter((value) => value === 0).length).toBeLessThan(0.33 * 256 * 1.2)
    expect(r.every((value) => value === 0 || value === 1)).toBe(true)
  }
})

it('fills with normal numbers, each value with its own, the same for the same seed', () => {
  const settings = { probability: 1, side: 40, fill: 'random' } as const
  const all = erased(settings, 3, 32)
  const values = all.filter((value) => value !== 1)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  expect(mean).toBeCloseTo(0, 1)
  expect(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length).toBeCloseTo(1, 0)
  expect(new Set(values).size).toBeGreaterThan(0.95 * values.length)
  expect(erased(settings, 3, 32)).toEqual(all)
  expect(erased(settings, 4, 32)).not.toEqual(all)
})
