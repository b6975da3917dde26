import fc from 'fast-check'
import { expect, it } from 'vitest'
import { random } from '../../random.js'
import { float32 } from '../../tensor.js'
import { drawBox, randomResizedCrop, resizedCrop } from './random-resized-crop.js'

const usual = { scale: [0.08, 1] as [number, number], ratio: [3 / 4, 4 / 3] as [number, number] }

it('draws rectangles within the picture', () => {
  const side = fc.integer({ min: 1, max: 400 })
  fc.assert(
    fc.property(side, side, fc.nat(), (height, width, seed) => {
      const box = drawBox(height, width, usual, random(seed, 'test'))
      expect(box.height).toBeGreaterThan(0)
      expect(box.width).toBeGreaterThan(0)
      expect(box.top).toBeGreaterThanOrEqual(0)
      expect(box.left).toBeGreaterThanOrEqual(0)
      expect(box.top + box.height).toBeLessThanOrEqual(height)
      expect(box.left + box.width).toBeLessThanOrEqual(width)
    }),
  )
})

it('of areas and aspects within the ranges, evenly', () => {
  const areas: number[] = []
  let wide = 0
  for (let seed = 0; seed < 4000; seed++) {
    const { height, width } = drawBox(1000, 1000, { ...usual, scale: [0.1, 0.5] }, random(seed, 'test'))
    const area = (height * width) / 1e6
    expect(area).toBeGreaterThan(0.098)
    expect(area).toBeLessThan(0.502)
    expect(width / height).toBeGreaterThan(0.74)
    expect(width / height).toBeLessThan(1.35)
    areas.push(area)
    if (width > height) wide++
  }
  expect(areas.reduce((sum, area) => sum + area, 0) / areas.length).toBeCloseTo(0.3, 1)
  expect(Math.abs(wide - 2000)).toBeLessThan(130)
})

it('takes the middle of a picture so long that nothing fits', () => {
  // torchvision: the whole height, 4/3 of it wide.
  const box = drawBox(30, 3000, { ...usual, scale: [1, 1] }, random(1, 'test'))
  expect(box).toEqual({ top: 0, left: 1480, height: 30, width: 40 })
})

it('cuts out and resizes what it has drawn', () => {
  const picture = float32(
    [1, 9, 12],
    Array.from({ length: 108 }, (_, i) => (i * 31) % 97),
  )
  const settings = { ...usual, size: 5 }
  expect(randomResizedCrop(picture, settings, random(7, 'test'))).toEqual(
    resizedCrop(picture, drawBox(9, 12, settings, random(7, 'test')), 5),
  )
})
