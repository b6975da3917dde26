import pc from 'picocolors'
import type { ScanReport } from '../../../data/node/pictures/scan-report.js'
import { count, counted } from '../../format.js'
import { firstOf, leftOut } from '../../left-out.js'
import { printable } from '../../printable.js'
import { warning } from '../../warning.js'

/** Where all files are named. */
const elsewhere = 'see data.json of the run'

/** A class this many times smaller than the largest is worth a word. */
const IMBALANCE = 3

/** What a person should know of a folder of pictures before the training begins. */
export function describeScan({
  classes,
  counts,
  skipped,
  ignored,
  singleColour,
  duplicates,
  cache,
}: ScanReport): string[] {
  const train = counts.train ?? []
  const [least, most] = [Math.min(...train), Math.max(...train)]
  const named = (index: number) => `${printable(classes[index])} (${count(train[index])})`
  const where = { memory: 'in memory', disk: 'on disk', none: 'nowhere: they are decoded at every use' }[cache]
  const lines = [
    `${pc.dim('scan  ')} ${count(least)}–${count(most)} pictures a class; decoded pictures are kept ${where}${ignored > 0 ? `; ${count(ignored)} other files ignored` : ''}`,
  ]
  if (most >= IMBALANCE * least)
    lines.push(warning(`the classes are not balanced: ${named(train.indexOf(most))}, ${named(train.indexOf(least))}`))
  lines.push(...leftOut(skipped, elsewhere))
  if (singleColour.length > 0)
    lines.push(
      warning(`${counted(singleColour.length, 'picture')} of one single colour:`),
      ...firstOf(singleColour, printable, elsewhere),
    )
  if (duplicates.length > 0)
    lines.push(
      warning(`${count(duplicates.length)} pictures to evaluate on are in the training part too:`),
      ...firstOf(
        duplicates,
        ({ train: learnt, evaluated }) => `${printable(evaluated)} = ${printable(learnt)}`,
        elsewhere,
      ),
    )
  return lines
}
