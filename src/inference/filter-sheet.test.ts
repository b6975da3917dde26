import { expect, it } from 'vitest'
import { uint8 } from '../tensor.js'
import { filterSheet } from './filter-sheet.js'

it('a sheet shows the filters side by side, with white around each', () => {
  const pictures = uint8([2, 3, 1, 1], Uint8Array.of(255, 128, 128, 128, 0, 128))
  const { shape, data } = filterSheet(pictures, 1)
  expect(shape).toEqual([3, 3, 5]) // a gap of one around each
  const at = (x: number) => [0, 1, 2].map((c) => data[c * 15 + 5 + x])
  expect(at(1)).toEqual([255, 128, 128])
  expect(at(3)).toEqual([128, 0, 128])
  expect(at(2)).toEqual([255, 255, 255])
})

it('a sheet makes a square of each weight, and begins a row after sixteen filters', () => {
  const pictures = uint8(
    [17, 3, 1, 2],
    Uint8Array.from({ length: 17 * 6 }, (_, i) => i),
  )
  const { shape, data } = filterSheet(pictures, 2)
  expect(shape).toEqual([3, 2 + 2 * 4, 2 + 16 * 6])
  const row = (c: number, y: number) => [...data.subarray((c * 10 + y) * 98, (c * 10 + y) * 98 + 8)]
  expect(row(0, 2)).toEqual([255, 255, 0, 0, 1, 1, 255, 255])
  expect(row(2, 3)).toEqual([255, 255, 4, 4, 5, 5, 255, 255])
  expect(row(1, 6)).toEqual([255, 255, 98, 98, 99, 99, 255, 255])
})
