import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { colour, theme } from '../shell/theme.ts'

export interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
  /** Which of the design's six colours, from 1. */
  readonly colour: number
  readonly dash?: boolean
  /** Points without a line between them. */
  readonly points?: boolean
}

interface ChartProps {
  /** What the chart shows, for all readers. */
  readonly title: string
  readonly x: readonly number[]
  readonly xLabel: string
  readonly series: readonly Series[]
  readonly height?: number
  readonly xRange?: readonly [number, number]
  readonly yRange?: readonly [number, number]
  readonly yLog?: boolean
  readonly format?: (value: number) => string
  /** A horizontal line with its name. */
  readonly mark?: { readonly at: number; readonly label: string }
}

/** Curves over a common axis, drawn by uPlot: new values go into the chart that is there. */
export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(props)
  latest.current = props
  const [pointed, setPointed] = useState<number | null>(null)
  // A chart is made anew only when its form changes.
  const form = JSON.stringify([
    theme.value,
    props.series.map(({ label, colour, dash }) => [label, colour, dash]),
    props.xRange,
    props.yRange,
    props.yLog,
    props.height,
    props.mark,
  ])

  useEffect(() => {
    const target = place.current!
    const chart = new uPlot(optionsFor(latest, target.clientWidth, setPointed), dataOf(latest.current), target)
    plot.current = chart
    const observer = new ResizeObserver(() => {
      if (target.clientWidth > 0) chart.setSize({ width: target.clientWidth, height: latest.current.height ?? 220 })
    })
    observer.observe(target)
    return () => {
      observer.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [form])

  useEffect(() => {
    plot.current?.setData(dataOf(props))
  }, [props.x, props.series])

  return (
    <figure class="chart">
      <figcaption class="chart-title">
        <span>{props.title}</span>
        <span>{props.xLabel}</span>
      </figcaption>
      <div
        ref={place}
        class="chart-place"
        style={{ minHeight: `${props.height ?? 220}px` }}
        role="img"
        aria-label={describe(props)}
      />
      <Legend chart={props} pointed={pointed} />
    </figure>
  )
}

/** The curves' names, with their values where the pointer is. */
function Legend({
  chart: { x, xLabel, series, format = plain },
  pointed,
}: {
  chart: ChartProps
  pointed: number | null
}) {
  const at = pointed === null || pointed >= x.length ? null : pointed
  return (
    <ul class="legend" aria-hidden="true">
      {series.map(({ label, values, colour, dash }) => {
        const value = at === null ? null : values[at]
        return (
          <li key={`${label}${colour}${dash}`}>
            <span class={`line series-${colour}${dash ? ' dash' : ''}`} />
            {label}
            {value !== null && value !== undefined && <span class="value">{format(value)}</span>}
          </li>
        )
      })}
      {at !== null && (
        <li class="soft">
          {xLabel} <span class="value">{plain(x[at])}</span>
        </li>
      )}
    </ul>
  )
}

function dataOf({ x, series }: ChartProps): uPlot.AlignedData {
  return [x as number[], ...series.map(({ values }) => values as (number | null)[])]
}

/** What a reader who does not see the chart needs: the last value of every curve. */
function describe({ title, series, format = plain }: ChartProps): string {
  const ends = series.flatMap(({ label, values }) => {
    const last = values.findLast((value) => value !== null && Number.isFinite(value))
    return last === null || last === undefined ? [] : [`${label} ${format(last)}`]
  })
  return ends.length === 0 ? `${title}: nothing yet` : `${title}, last values: ${ends.join(', ')}`
}

function plain(value: number): string {
  return String(Number(value.toPrecision(4)))
}

function optionsFor(
  latest: { readonly current: ChartProps },
  width: number,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const { series, height = 220, xRange, yRange, yLog, format = plain, mark } = latest.current
  const soft = colour('ink-soft')
  const axis: uPlot.Axis = {
    stroke: soft,
    font: `12px ${colour('text')}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height,
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: false, ...(xRange && { range: [xRange[0], xRange[1]] }) },
      y: yLog ? { distr: 3 } : yRange ? { range: [yRange[0], yRange[1]] } : {},
    },
    axes: [
      { ...axis, size: 28, gap: 4 },
      {
        ...axis,
        size: 46,
        gap: 4,
        ...(yLog && { filter: onlyPowersOfTen, grid: { ...axis.grid, filter: onlyPowersOfTen } }),
        values: (_chart, values) => values.map((v) => (v === null ? '' : format(v))),
      },
    ],
    cursor: { points: { size: 6 }, drag: { x: true, y: false } },
    legend: { show: false },
    series: [
      {},
      ...series.map(
        (one): uPlot.Series => ({
          label: one.label,
          stroke: colour(`series-${one.colour}`),
          width: 2,
          dash: one.dash ? [6, 4] : undefined,
          points: { show: one.points ? true : undefined, size: 5 },
          spanGaps: true,
        }),
      ),
    ],
    hooks: {
      setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)],
      draw: mark ? [(chart) => drawMark(chart, mark, soft)] : [],
    },
  }
}

/** On a logarithmic axis a line for each power of ten is enough. */
function onlyPowersOfTen(_chart: uPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => {
    const power = Math.log10(value)
    return Math.abs(power - Math.round(power)) < 1e-9 ? value : null
  })
}

function drawMark(chart: uPlot, { at, label }: { at: number; label: string }, stroke: string): void {
  const { ctx, bbox } = chart
  const y = chart.valToPos(at, 'y', true)
  if (y < bbox.top || y > bbox.top + bbox.height) return
  ctx.save()
  ctx.strokeStyle = stroke
  ctx.fillStyle = stroke
  ctx.setLineDash([3, 4])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.textAlign = 'right'
  ctx.font = `${12 * devicePixelRatio}px ${colour('text')}`
  ctx.fillText(label, bbox.left + bbox.width - 4, y - 6)
  ctx.restore()
}
