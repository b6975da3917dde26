import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Geometry } from './geometry.js'
import { sample } from './sample.js'
import { sampleColoured } from './sample-coloured.js'
import type { Colouring } from './transform-kind.js'

const [height, width] = [6, 8]
const area = height * width
const data = Uint8Array.from({ length: 3 * area }, (_, i) => (i * 89) % 256)
const mean = Float32Array.from({ length: 3 * area }, (_, i) => 90 + ((i * 31) % 60))
const levels = { mean: [100, 110, 120], scale: [0.5, 0.25, 0.2] }

function moved({ degrees, down, factor }: { degrees: number; down: number; factor: number }): Geometry {
  const geometry = new Geometry(height, width)
  geometry.translate(down, -down)
  if (degrees !== 0) geometry.rotate(degrees)
  if (factor !== 1) geometry.scale(factor)
  return geometry
}

it('gives what sampling gives where the colours stay as they are', () => {
  const geometries = fc.record({
    degrees: fc.constantFrom(0, 30),
    down: fc.integer({ min: -8, max: 8 }),
    factor: fc.constantFrom(1, 0.7, 1.5),
  })
  fc.assert(
    fc.property(geometries, fc.boolean(), (drawn, subtracts) => {
      const geometry = moved(drawn)
      const source = { data, channels: 3, height, width, ...(subtracts && { mean }) }
      // The colours are shifted by 4, 8 and 10: so is what lies outside.
      const shifted = { ...levels, outside: [2, 2, 2] }
      const plain = new Float32Array(3 * area)
      sample(source, geometry, shifted, plain, 0)
      const coloured = new Float32Array(3 * area + 1).fill(Number.NaN)
      sampleColoured(source, geometry, shifted, [() => {}], coloured, 1)
      plain.forEach((value, i) => {
        expect(Math.abs(coloured[i + 1] - value)).toBeLessThan(1e-3)
      })
    }),
  )
})

it('changes colours on the scale of bytes, outside the mean, one after the other', () => {
  const seen: number[][] = []
  const look: Colouring = ({ data: values, offset }) => {
    seen.push([...values.subarray(offset, offset + 3 * area)])
    values[offset] *= 2
  }
  const target = new Float32Array(3 * area)
  const gone = moved({ degrees: 0, down: 8, factor: 1 })
  const outside = [0, 0, 0]
  sampleColoured(
    { data, channels: 3, height, width },
    new Geometry(height, width),
    { ...levels, outside },
    [look, look],
    target,
    0,
  )
  expect(seen[0]).toEqual([...data])
  expect(seen[1]).toEqual([2 * data[0], ...data.subarray(1)])
  expect(target[1]).toBeCloseTo((data[1] - 100) * 0.5, 4)

  sampleColoured({ data, channels: 3, height, width }, gone, { ...levels, outside }, [look], target, 0)
  expect([0, 1, 2].map((c) => seen[2][c * area + 5])).toEqual([100, 110, 120])
  expect(target[0]).toBeCloseTo(100 * 0.5, 4)
  expect(target[1]).toBe(0)
})
