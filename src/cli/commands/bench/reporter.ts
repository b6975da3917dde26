import pc from 'picocolors'
import type { Measurement } from '../../../bench/measurement.js'
import type { Comparison, ComparisonObserver } from '../../../bench/node/compare.js'
import { nameOf } from '../../../bench/node/contestant.js'
import type { Peaks } from '../../../bench/node/peaks.js'
import type { OperatorCost } from '../../../bench/profile.js'
import { ratiosTo } from '../../../bench/ratios.js'
import { programOf, type Workload } from '../../../bench/workload.js'
import type { Precision } from '../../../engines/engine.js'
import type { Machine } from '../../../engines/machine.js'
import { multiplyAdds } from '../../../graph/multiply-adds.js'
import { count, duration, percent, table } from '../../format.js'
import { machineLine } from '../../machine-line.js'
import { remark, result } from '../../output.js'

/** The machine as it was measured, and what was measured on it. */
export interface MeasuredMachine extends Machine {
  readonly peaks: Peaks | null
  readonly versions: Readonly<Record<string, string>>
}

export interface Profile extends Workload {
  readonly runner: string
  readonly precision: Precision
  readonly operators: readonly OperatorCost[]
}

/** Progress goes to the standard error, results to the standard output. */
export class BenchReporter implements ComparisonObserver {
  /** The same reason is said once. */
  private readonly said = new Set<string>()

  constructor(private readonly json: boolean) {}

  say(line: string): void {
    remark(line)
  }

  readonly onLeftOut = (reason: string): void => {
    if (this.said.has(reason)) return
    this.said.add(reason)
    this.say(pc.yellow(`left out: ${reason}`))
  }

  onMeasured(measurement: Measurement, done: number, total: number, secondsLeft: number): void {
    const { task, model, batchSize, imagesPerSecond } = measurement
    const left = done < total ? `, about ${duration(secondsLeft)} left` : ''
    this.say(
      `${done}/${total}  ${task} ${model}, batch ${batchSize}, ${nameOf(measurement)}: ${speed(imagesPerSecond)} images/s${left}`,
    )
  }

  finish(machine: MeasuredMachine, comparisons: readonly Comparison[], peers: readonly string[]): void {
    if (this.json) {
      result(JSON.stringify({ machine, results: comparisons.flatMap(({ results }) => results) }))
      return
    }
    const rows = comparisons.flatMap(({ workload, results }) => {
      const flops = flopsPerPicture(workload)
      return results.map((result) => ({
        result,
        share: machine.peaks && (flops * result.imagesPerSecond) / 1e9 / machine.peaks.multiplyAddGflops,
        ratios: peers.includes(result.runner) ? {} : ratiosTo(result, results, peers),
      }))
    })
    const ratioNames = [...new Set(rows.flatMap(({ ratios }) => Object.keys(ratios)))]
    const header = ['task', 'model', 'batch', 'runner', 'precision', 'layout', 'images/s', 'min', 'max']
    const body = rows.map(({ result, share, ratios }) => [
      result.task,
      result.model,
      String(result.batchSize),
      result.runner,
      result.precision,
      result.layout,
      ...[result.imagesPerSecond, result.min, result.max].map(speed),
      ...ratioNames.map((name) => (name in ratios ? factor(ratios[name]) : '')),
      shareOfPeakText(share),
      `${(result.peakMemoryBytes / 2 ** 30).toFixed(2)} GiB`,
    ])
    const titles = [...header, ...ratioNames.map((name) => `× ${name}`), 'of peak', 'memory']
    const numbers = titles.map((_, i) => i).filter((i) => i === 2 || i >= 6)
    result(`${heading(machine)}\n\n${table(titles, body, numbers)}`)
  }

  finishProfile(machine: MeasuredMachine, profile: Profile): void {
    const { task, model, batchSize, runner, precision, operators } = profile
    const peak = machine.peaks?.multiplyAddGflops
    const withPeak = operators.map((cost) => ({
      ...cost,
      ...(peak !== undefined && cost.gflops !== undefined && { shareOfPeak: cost.gflops / peak }),
    }))
    if (this.json) {
      result(JSON.stringify({ machine, profile: { ...profile, operators: withPeak } }))
      return
    }
    const rows = withPeak.map(({ layer, operator, milliseconds, share, gflops, shareOfPeak }) => [
      layer,
      operator,
      milliseconds.toFixed(3),
      percent(share, 1),
      gflops?.toFixed(1) ?? '',
      shareOfPeakText(shareOfPeak),
    ])
    const total = operators.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    const header = ['layer', 'operator', 'ms a step', 'share', 'GFLOP/s', 'of peak']
    result(
      `${heading(machine)}\n\n${task} ${model}, batch ${batchSize}, ${runner}, ${precision}\n\n` +
        `${table(header, [...rows, ['total', '', total.toFixed(3), '', '', '']], [2, 3, 4, 5])}`,
    )
  }
}

function heading(machine: MeasuredMachine): string {
  const { peaks, versions } = machine
  return [
    machineLine(machine),
    ...(peaks
      ? [
          `peak: ${peaks.multiplyAddGflops.toFixed(0)} GFLOP/s in the fastest product or convolution (float32), ${peaks.memoryGBs.toFixed(0)} GB/s in copying memory`,
        ]
      : []),
    ...Object.entries(versions).map(([name, version]) => `${name}: ${version}`),
  ].join('\n')
}

/** Operations for one picture, two for a multiplication with an addition: the same for every runner. */
function flopsPerPicture(workload: Workload): number {
  const { program } = programOf({ ...workload, batchSize: 1 })
  return 2 * program.nodes.reduce((sum, node) => sum + multiplyAdds(node), 0)
}

function shareOfPeakText(share: number | null | undefined): string {
  if (share === null || share === undefined) return ''
  return `${share >= 0.01 ? Math.round(100 * share) : Number((100 * share).toPrecision(1))} %`
}

function factor(ratio: number): string {
  return ratio >= 100 ? count(ratio) : ratio.toFixed(2)
}

/** Three digits are more than such a measurement holds. */
function speed(imagesPerSecond: number): string {
  return imagesPerSecond >= 100 ? count(imagesPerSecond) : String(Number(imagesPerSecond.toPrecision(3)))
}
