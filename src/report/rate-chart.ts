import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { type RateSearch, roundedRate } from '../training/lr-find.js'
import { highestShown } from '../training/shown-loss.js'

/** The curve of a search as an SVG file: the batches' losses and their smoothed mean over the rate, with what is suggested. */
export function rateChart({ points, rate, method, suggestions }: RateSearch): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const low = Math.min(...points.flatMap(({ loss, smoothed }) => [loss, smoothed]))
  const high = highestShown(points)
  const shown = points.filter((point) => point.smoothed <= high)
  const marks = Object.entries(suggestions ?? {}).map(([name, at]) => ({
    at,
    label: `${name} ${roundedRate(at)}`,
    isChosen: name === method && at === rate,
  }))
  const svg = Plot.plot({
    document,
    width: 720,
    height: 420,
    marginLeft: 56,
    marginTop: 44,
    marginBottom: 48,
    style: { fontSize: '13px', fontFamily: 'sans-serif', background: '#fff', color: '#1b2321' },
    ariaLabel: `The loss over the learning rate${rate === undefined ? '' : `; ${roundedRate(rate)} is suggested`}`,
    x: { type: 'log', label: 'learning rate', tickFormat: '~e', labelOffset: 40 },
    y: { label: 'loss', grid: true, domain: [low, high], nice: true },
    marks: [
      Plot.dot(
        points.filter(({ loss }) => loss <= high),
        { x: 'rate', y: 'loss', r: 1.8, fill: '#7c8a85', fillOpacity: 0.6 },
      ),
      Plot.lineY(shown, { x: 'rate', y: 'smoothed', stroke: '#0c7a67', strokeWidth: 2.2 }),
      Plot.ruleX(marks, {
        x: 'at',
        stroke: ({ isChosen }: { isChosen: boolean }) => (isChosen ? '#c2571a' : '#7c8a85'),
        strokeDasharray: '4 3',
      }),
      // One above the other: two methods may well agree.
      ...marks.map((mark, n) =>
        Plot.text([mark], {
          x: 'at',
          text: 'label',
          frameAnchor: 'top',
          dy: -14 - 15 * n,
          fill: mark.isChosen ? '#c2571a' : '#55615d',
        }),
      ),
    ],
  })
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  svg.setAttribute('role', 'img')
  return `${svg.outerHTML}\n`
}
