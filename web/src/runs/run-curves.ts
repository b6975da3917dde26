import type { MetricsLine } from 'alexnet/api'
import uPlot from 'uplot'
import type { Series } from '../ui/chart.tsx'

/** Curves of several runs over a common axis of epochs. */
export interface RunCurves {
  readonly x: readonly number[]
  readonly loss: readonly Series[]
  readonly error: readonly Series[]
}

/** What is drawn of one run. */
export interface CurveSource {
  readonly name: string
  readonly colour: number
  readonly lines: readonly MetricsLine[]
  /** Known of a run that is being trained. */
  readonly batchesPerEpoch: number | undefined
}

/** Training dashed, evaluation solid; the colour tells the run. */
export function runCurves(sources: readonly CurveSource[]): RunCurves {
  if (sources.length === 0) return { x: [], loss: [], error: [] }
  const joined = uPlot.join(sources.map(tableOf)) as (number | null | undefined)[][]
  const column = (source: number, which: number) => joined[1 + 4 * source + which].map((value) => value ?? null)
  const series = (first: number, scale: number): Series[] =>
    sources.flatMap(({ name, colour }, i) => {
      const prefix = sources.length > 1 ? `${name}: ` : ''
      const scaled = (which: number) => column(i, which).map((value) => (value === null ? null : scale * value))
      return [
        { label: `${prefix}training`, colour, dash: true, values: scaled(first) },
        { label: `${prefix}evaluation`, colour, values: scaled(first + 1) },
      ]
    })
  return { x: joined[0].map((value) => value ?? 0), loss: series(0, 1), error: series(2, 100) }
}

/** Epochs, then the columns: loss in training, loss in evaluation, error in training, error in evaluation. */
function tableOf({ lines, batchesPerEpoch }: CurveSource): uPlot.AlignedData {
  const perEpoch = stepsOfAnEpoch(lines) ?? batchesPerEpoch
  const rows = new Map<number, (number | null)[]>()
  const row = (x: number) => {
    const known = rows.get(x)
    if (known) return known
    const fresh: (number | null)[] = [null, null, null, null]
    rows.set(x, fresh)
    return fresh
  }
  for (const line of lines) {
    if (line.kind === 'steps') {
      if (!perEpoch) continue
      const cells = row(line.step / perEpoch)
      cells[0] = line.loss
      cells[2] = 1 - line.top1
    } else {
      const evaluation = line.validation ?? line.test
      const cells = row(line.epoch)
      cells[0] = line.training.loss
      cells[2] = 1 - line.training.top1
      if (evaluation) {
        cells[1] = evaluation.loss
        cells[3] = 1 - evaluation.top1
      }
    }
  }
  const xs = [...rows.keys()].sort((a, b) => a - b)
  return [xs, ...[0, 1, 2, 3].map((which) => xs.map((x) => rows.get(x)![which]))] as uPlot.AlignedData
}

function stepsOfAnEpoch(lines: readonly MetricsLine[]): number | undefined {
  const done = lines.find((line) => line.kind === 'epoch')
  return done && done.step / done.epoch
}
