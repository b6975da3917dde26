import { measuredOf, type RankedRun, type SeedGroup, type Sweep } from '../../../runs/sweep.js'
import { shortKey, spreadText, valueText } from '../../../runs/sweep-text.js'
import { duration, percent, table } from '../../format.js'

/** What a sweep gave, the best first; over seeds also the means and their standard deviations. */
export function sweepTable({ lists }: Sweep, runs: readonly RankedRun[], groups: readonly SeedGroup[]): string {
  const keys = lists.map(({ key }) => key)
  const part = runs.some(({ validation }) => validation) ? 'validation' : 'test'
  const hasBoth = runs.some(({ validation, test }) => validation && test)
  const measured = runs.filter((run) => measuredOf(run))
  const rows = measured.map((run) => {
    const { top1, loss } = measuredOf(run)!
    return [
      ...keys.map((key) => valueText(run.settings[key])),
      ...[percent(top1), loss.toFixed(4)],
      ...(hasBoth ? [run.test ? percent(run.test.top1) : ''] : []),
      ...[String(run.epochs), duration(run.seconds), run.name],
    ]
  })
  const head = [
    ...keys.map(shortKey),
    ...[`${part} accuracy`, 'loss'],
    ...(hasBoth ? ['test accuracy'] : []),
    ...['epochs', 'time', 'run'],
  ]
  const numbers = head.map((_, i) => i).slice(0, -1)
  const failed = runs.flatMap(({ failed, name }) => (failed ? [`failed  ${name}: ${failed.message}`] : []))
  return [
    ...(rows.length > 0 ? [table(head, rows, numbers)] : []),
    ...(groups.length > 0 ? ['', groupTable(keys, part, groups)] : []),
    ...(failed.length > 0 ? ['', ...failed] : []),
  ].join('\n')
}

function groupTable(keys: readonly string[], part: string, groups: readonly SeedGroup[]): string {
  const others = keys.filter((key) => Object.hasOwn(groups[0].settings, key))
  const rows = groups.map(({ settings, runs, accuracy, loss }) => [
    ...others.map((key) => valueText(settings[key])),
    String(runs),
    spreadText(accuracy, percent),
    spreadText(loss, (value) => value.toFixed(4)),
  ])
  const head = [...others.map(shortKey), 'seeds', `${part} accuracy`, 'loss']
  return table(head, rows, [...head.keys()])
}
