import { expect, it } from 'vitest'
import { textPlot } from './text-plot.js'

/** A loss that falls from the rate 1e-3 on, and rises to the fourfold at the end. */
const points = Array.from({ length: 71 }, (_, i) => {
  const smoothed = i < 30 ? 2 : i < 60 ? 2 - (i - 29) / 31 : 1 + (i - 60) * 0.3
  return { rate: 1e-6 * 10 ** (i / 10), loss: smoothed, smoothed }
})

it('draws the curve from the first rate to the last, and marks the one that is suggested', () => {
  const lines = textPlot(points, 1e-2)
  expect(lines).toHaveLength(14)
  const field = lines.slice(0, 12).map((line) => line.slice(line.indexOf('│') + 1).padEnd(60))
  // The lowest loss stands below, the rate of 1e-2 four sevenths of the way.
  expect(field[11].indexOf('•')).toBeGreaterThan(48)
  expect(new Set(field.flatMap((row) => [...row].flatMap((c, n) => (c === '┊' ? [n] : []))))).toEqual(new Set([34]))
  expect(lines[0]).toMatch(/^2\.500 │/)
  expect(lines[11]).toMatch(/^1\.000 │/)
  expect(lines[13].trim().split(/\s+/)).toEqual(['1e-6', '1e-5', '1e-4', '1e-3', '1e-2', '1e-1', '1e0', '1e1'])
  // Of the rise as much is shown as half of the fall.
  expect(field.join('').match(/•/g)!.length).toBeGreaterThan(45)
})

it('draws a loss that does not move, and a single step', () => {
  expect(textPlot([{ rate: 1, loss: 2, smoothed: 2 }], undefined)[0]).toMatch(/^2\.000 │•$/)
  expect(() =>
    textPlot(
      points.map((point) => ({ ...point, smoothed: 2 })),
      undefined,
    ),
  ).not.toThrow()
})

it('draws the whole of a loss that falls nowhere', () => {
  const rising = [2, 3, 8].map((smoothed, i) => ({ rate: 10 ** i, loss: smoothed, smoothed }))
  const lines = textPlot(rising, undefined)
  expect(lines[0]).toMatch(/^8\.000 │ +•$/)
  expect(lines[11]).toMatch(/^2\.000 │•$/)
})
