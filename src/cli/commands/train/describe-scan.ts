import pc from 'picocolors'
import type { ScanReport } from '../../../data/node/pictures/scan-report.js'
import { count } from '../../format.js'
import { printable } from '../../printable.js'

/** As many files are named; how many more there are is said. All are in the run's data.json. */
const NAMED = 5

/** A class this many times smaller than the largest is worth a word. */
const IMBALANCE = 3

/** What a person should know of a folder of pictures before the training begins. */
export function describeScan({ classes, counts, skipped, ignored, duplicates, cache }: ScanReport): string[] {
  const train = counts.train ?? []
  const [least, most] = [Math.min(...train), Math.max(...train)]
  const named = (index: number) => `${printable(classes[index])} (${count(train[index])})`
  const where = { memory: 'in memory', disk: 'on disk', none: 'nowhere: they are decoded at every use' }[cache]
  const lines = [
    `${pc.dim('scan  ')} ${count(least)}–${count(most)} pictures a class; decoded pictures are kept ${where}${ignored > 0 ? `; ${count(ignored)} other files ignored` : ''}`,
  ]
  if (most >= IMBALANCE * least)
    lines.push(warning(`the classes are not balanced: ${named(train.indexOf(most))}, ${named(train.indexOf(least))}`))
  if (skipped.length > 0)
    lines.push(
      warning(`${count(skipped.length)} files are left out:`),
      ...some(skipped, ({ name, reason }) => `${printable(name)}: ${reason}`),
    )
  if (duplicates.length > 0)
    lines.push(
      warning(`${count(duplicates.length)} pictures to evaluate on are in the training part too:`),
      ...some(duplicates, ({ train: learnt, evaluated }) => `${printable(evaluated)} = ${printable(learnt)}`),
    )
  return lines
}

function some<T>(items: readonly T[], describe: (item: T) => string): string[] {
  const more = items.length - NAMED
  return [
    ...items.slice(0, NAMED).map((item) => `         ${describe(item)}`),
    ...(more > 0 ? [`         and ${count(more)} more: see data.json of the run`] : []),
  ]
}

function warning(text: string): string {
  return pc.yellow(`warning: ${text}`)
}
