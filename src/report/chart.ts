import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { type Markup, trusted } from './markup.js'

export interface Series {
  readonly label: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** Which of the style's series, from 1 to 8. */
  readonly colour: number
  /** As SVG's stroke-dasharray. */
  readonly dash?: string
}

export interface ChartOptions {
  /** What the chart shows, for those who do not see it. */
  readonly description: string
  /** The x axis goes from 0 to here, in whole numbers. */
  readonly epochs: number
  readonly series: readonly Series[]
  /** A point of the x axis with its name. */
  readonly mark?: { readonly at: number; readonly label: string }
  /** d3-format of the values: `%`. */
  readonly format?: string
}

/** Points between which a line is hardly to be told from a curve; a single epoch must be seen too. */
const FEW = 30

/** Curves as SVG, drawn by Observable Plot. The colours are the page's, so they follow light and dark. */
export function chart({ description, epochs, series, mark, format }: ChartOptions): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const curves = series.flatMap(({ points, colour, dash }) => {
    const stroke = `var(--series-${colour})`
    const line = { x: 'x', y: 'y', stroke, strokeWidth: 2, ...(dash !== undefined && { strokeDasharray: dash }) }
    return [
      Plot.lineY(points, line),
      ...(points.length <= FEW ? [Plot.dot(points, { x: 'x', y: 'y', fill: stroke, r: 2.5 })] : []),
    ]
  })
  const marks = mark
    ? [
        Plot.ruleX([mark.at], { stroke: 'var(--line-strong)', strokeDasharray: '2 3' }),
        Plot.text([mark], { x: 'at', frameAnchor: 'top', text: 'label', dy: -12, fill: 'var(--ink-soft)' }),
      ]
    : []
  const svg = Plot.plot({
    document,
    className: 'plot',
    width: 420,
    height: 264,
    marginLeft: 52,
    marginTop: 26,
    marginBottom: 44,
    style: { fontSize: '12px', fontFamily: 'inherit' },
    ariaLabel: description,
    x: { label: 'epoch', domain: [0, epochs], ticks: wholeTicks(epochs), tickFormat: 'd', labelOffset: 40 },
    y: { label: null, grid: true, zero: true, nice: true, ticks: 5, ...(format && { tickFormat: format }) },
    marks: [...marks, ...curves],
  })
  svg.setAttribute('role', 'img')
  return trusted(svg.outerHTML)
}

/** Some six whole numbers from 0 to `last`, a round step apart: between two epochs there is nothing to name. */
function wholeTicks(last: number): number[] {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(last / 6)))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => last / candidate <= 6) ?? 10 * power
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step)
}
