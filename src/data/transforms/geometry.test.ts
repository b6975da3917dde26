import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { float32, type Tensor } from '../../tensor.js'
import { centreCrop } from './centre-crop.js'
import { crop } from './crop.js'
import type { Geometry } from './geometry.js'
import { mirror } from './mirror.js'
import { resizedCrop } from './random-resized-crop.js'
import { resize } from './resize.js'
import { rotate } from './rotation.js'
import { sampled } from './sampled.js'
import { scale } from './scaling.js'
import { translate } from './translation.js'
import { verticalFlip } from './vertical-flip.js'

function numbered(height: number, width: number): Tensor<'float32'> {
  return float32(
    [2, height, width],
    Array.from({ length: 2 * height * width }, (_, i) => ((i * 37) % 101) + 1),
  )
}

/** One step: what it does to a geometry, and to a picture. */
interface Step {
  readonly note: (geometry: Geometry) => void
  readonly apply: (picture: Tensor<'float32'>) => Tensor<'float32'>
}

const offset = fc.integer({ min: -4, max: 4 })

const moves = fc.oneof(
  fc.constant<Step>({ note: (geometry) => geometry.mirror(), apply: mirror }),
  fc.constant<Step>({ note: (geometry) => geometry.flipVertically(), apply: flipped }),
  fc.tuple(offset, offset, fc.integer({ min: 1, max: 9 })).map(
    ([top, left, size]): Step => ({
      note: (geometry) => geometry.crop({ top, left }, size),
      apply: (picture) => crop(picture, { top, left }, size),
    }),
  ),
  fc.integer({ min: 1, max: 9 }).map(
    (size): Step => ({
      note: (geometry) => geometry.centreCrop(size),
      apply: (picture) => centreCrop(picture, size),
    }),
  ),
  fc.tuple(offset, offset).map(
    ([down, right]): Step => ({
      note: (geometry) => geometry.translate(down, right),
      apply: (picture) => moved(picture, down, right),
    }),
  ),
)

/** In plain loops. */
function flipped({ shape, data }: Tensor<'float32'>): Tensor<'float32'> {
  const [channels, height, width] = shape
  const out = new Float32Array(data.length)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        out[(c * height + y) * width + x] = data[(c * height + height - 1 - y) * width + x]
  return float32(shape, out)
}

/** In plain loops. */
function moved({ shape, data }: Tensor<'float32'>, down: number, right: number): Tensor<'float32'> {
  const [channels, height, width] = shape
  const out = new Float32Array(data.length)
  for (let c = 0; c < channels; c++)
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++)
      for (let x = Math.max(0, right); x < Math.min(width, width + right); x++)
        out[(c * height + y) * width + x] = data[(c * height + y - down) * width + x - right]
  return float32(shape, out)
}

describe('a chain in one pass is its steps one after another', () => {
  it('exactly, for what only moves and mirrors', () => {
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 6 }), (steps) => {
        const picture = numbered(6, 8)
        const once = sampled(picture, (geometry) => {
          for (const step of steps) step.note(geometry)
        })
        expect(once).toEqual(steps.reduce((done, step) => step.apply(done), picture))
      }),
    )
  })

  it('to rounding, for crops before a resize and moves after it', () => {
    const box = fc.record({
      top: fc.nat(3),
      left: fc.nat(4),
      height: fc.integer({ min: 1, max: 8 }),
      width: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(box, fc.integer({ min: 1, max: 15 }), fc.array(moves, { maxLength: 4 }), (of, size, steps) => {
        const picture = numbered(12, 14)
        const once = sampled(picture, (geometry) => {
          geometry.mirror()
          geometry.crop(of, of.height, of.width)
          geometry.resize(size, size)
          for (const step of steps) step.note(geometry)
        })
        const cut = sampled(mirror(picture), (geometry) => geometry.crop(of, of.height, of.width))
        const expected = steps.reduce((done, step) => step.apply(done), resize(cut, size))
        expect(once.shape).toEqual(expected.shape)
        once.data.forEach((value, i) => {
          expect(value).toBeCloseTo(expected.data[i], 3)
        })
      }),
    )
  })

  it('a crop hides what lies around it, from a rotation too', () => {
    const turned = sampled(float32([1, 20, 20], new Float32Array(400).fill(1)), (geometry) => {
      geometry.crop({ top: 5, left: 5 }, 10)
      geometry.rotate(45)
    })
    expect(turned.data[0]).toBe(0)
    expect(turned.data[55]).toBeCloseTo(1, 5)
  })

  it('interpolates once: enlarged and reduced again, a picture is what it was', () => {
    const picture = numbered(8, 8)
    const back = sampled(picture, (geometry) => {
      geometry.resize(24, 24)
      geometry.resize(8, 8)
    })
    back.data.forEach((value, i) => {
      expect(value).toBeCloseTo(picture.data[i], 4)
    })
  })
})

describe('rotate', () => {
  it('by 90° is exact, counter-clockwise', () => {
    const { data } = rotate(float32([1, 2, 2], [1, 2, 3, 4]), 90)
    ;[2, 4, 1, 3].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 5)
    })
  })

  it('of a picture that is reduced at the same time sees all pixels', () => {
    const checkered = float32(
      [1, 80, 80],
      Array.from({ length: 6400 }, (_, i) => (i + Math.floor(i / 80)) % 2),
    )
    const small = sampled(checkered, (geometry) => {
      geometry.resize(10, 10)
      geometry.rotate(30)
    })
    for (const place of [44, 45, 54, 55]) expect(small.data[place]).toBeCloseTo(0.5, 1)
  })
})

it('scale by 2 shows the middle, by ½ leaves a border of 0', () => {
  const picture = numbered(8, 8)
  const middle = resizedCrop(picture, { top: 2, left: 2, height: 4, width: 4 }, 8)
  const large = scale(picture, 2)
  // Away from the frame's edge, where a crop sees nothing beyond it.
  for (const i of [9, 20, 35, 54]) expect(large.data[i]).toBeCloseTo(middle.data[i], 3)
  const small = scale(picture, 0.5)
  expect([...small.data.subarray(0, 18)]).toEqual(Array(18).fill(0))
  expect(small.data[18]).toBeGreaterThan(0)
})

it('translate and verticalFlip are what their names say', () => {
  expect(translate(numbered(3, 4), 1, -2)).toEqual(moved(numbered(3, 4), 1, -2))
  expect(verticalFlip(numbered(3, 4))).toEqual(flipped(numbered(3, 4)))
})
