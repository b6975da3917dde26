import { describe, expect, it } from 'vitest'
import { figures, type SignedDistance } from './figures.js'

/** The share of the square [-1.2, 1.2]² that lies inside. */
function area(figure: SignedDistance): number {
  let inside = 0
  for (let i = 0; i < 240; i++)
    for (let j = 0; j < 240; j++) if (figure(-1.2 + (i + 0.5) / 100, -1.2 + (j + 0.5) / 100) < 0) inside++
  return inside / 10000
}

describe.each(Object.entries(figures))('%s', (_name, figure) => {
  it('lies within the circle of radius 1.1, and fills a good part of it', () => {
    for (let angle = 0; angle < 2 * Math.PI; angle += 0.01)
      expect(figure(1.1 * Math.cos(angle), 1.1 * Math.sin(angle))).toBeGreaterThan(0)
    expect(area(figure)).toBeGreaterThan(0.8)
  })

  it('changes across its edge as a distance does', () => {
    for (let angle = 0; angle < 2 * Math.PI; angle += 0.1)
      for (let radius = 0; radius < 1.2; radius += 0.01) {
        const here = figure(radius * Math.cos(angle), radius * Math.sin(angle))
        const there = figure((radius + 0.01) * Math.cos(angle), (radius + 0.01) * Math.sin(angle))
        expect(Math.abs(there - here)).toBeLessThan(0.0101)
      }
  })
})

it.each([
  ['circle', Math.PI * 0.85 ** 2],
  ['ring', Math.PI * (0.9 ** 2 - 0.5 ** 2)],
  ['square', 1.44 ** 2],
  ['triangle', (3 * Math.sqrt(3)) / 4],
  // Ten triangles from the middle, two for each tip.
  ['star', 5 * 0.42 * Math.sin(Math.PI / 5)],
  ['cross', 4 * 0.92 * 0.54 - 0.54 ** 2],
] as const)('%s has the area that geometry gives it', (name, expected) => {
  expect(area(figures[name])).toBeCloseTo(expected, 1)
})

it('the star has five tips of length 1, the first upwards', () => {
  for (let tip = 0; tip < 5; tip++) {
    const angle = Math.PI / 2 + (2 * Math.PI * tip) / 5
    expect(figures.star(0.95 * Math.cos(angle), 0.95 * Math.sin(angle))).toBeLessThan(0)
    const between = angle + Math.PI / 5
    expect(figures.star(0.45 * Math.cos(between), 0.45 * Math.sin(between))).toBeGreaterThan(0)
  }
})
