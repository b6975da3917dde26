import {
  type EpochLine,
  type EpochTiming,
  epochTimings,
  evaluationOf,
  type MetricsLine,
  type TimingLine,
} from './lines.js'
import type { EvaluationPart } from './progress.js'

/** The first line of a run's table of epochs as CSV, which names the columns. */
export function epochTableHead(part: EvaluationPart): string {
  const names = ['loss', 'accuracy', 'top5']
  const columns = [...names, ...names.map((name) => `${part}_${name}`)]
  return ['epoch', 'step', 'learning_rate', ...columns, 'seconds', 'images_per_second'].join(',')
}

/** An epoch as a line of that table. Numbers have all their digits. */
export function epochTableRow(line: EpochLine, timing?: Pick<EpochTiming, 'seconds' | 'imagesPerSecond'>): string {
  const { epoch, step, rate, training } = line
  const evaluation = evaluationOf(line)?.metrics
  return [epoch, step, rate]
    .concat([training, evaluation].flatMap((metrics) => [metrics?.loss, metrics?.top1, metrics?.top5]) as number[])
    .concat([timing?.seconds, timing?.imagesPerSecond] as number[])
    .map((value) => value ?? '')
    .join(',')
}

/** The whole table of what a run has told so far. */
export function epochTable(
  { metrics, timing }: { readonly metrics: readonly MetricsLine[]; readonly timing: readonly TimingLine[] },
  part: EvaluationPart,
): string {
  const times = epochTimings(timing)
  const rows = metrics.flatMap((line) => (line.kind === 'epoch' ? epochTableRow(line, times.get(line.epoch)) : []))
  return [epochTableHead(part), ...rows, ''].join('\n')
}
