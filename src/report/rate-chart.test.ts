import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { rateChart } from './rate-chart.js'

const points = Array.from({ length: 60 }, (_, i) => ({
  rate: 1e-6 * 10 ** (i / 10),
  loss: 2 - i / 60,
  smoothed: 2 - i / 80,
}))

it('is an SVG file of its own, with the curve and both suggestions', () => {
  const suggestions = { valley: 0.0123456, steep: 0.2 }
  const svg = rateChart({ points, end: 'steps', method: 'valley', rate: suggestions.valley, suggestions })
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  const { document } = parseHTML(svg)
  expect(document.querySelectorAll('circle')).toHaveLength(60)
  expect(document.querySelectorAll('path[stroke-width="2.2"], [stroke-width="2.2"] path')).toHaveLength(1)
  expect(document.documentElement.textContent).toContain('valley 0.0123')
  expect(document.documentElement.textContent).toContain('steep 0.2')
})

it('needs no suggestion', () => {
  const flat = points.map((point) => ({ ...point, loss: 2, smoothed: 2 }))
  expect(rateChart({ points: flat, end: 'steps', method: 'valley' })).toContain('learning rate')
})
