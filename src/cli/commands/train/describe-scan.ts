import pc from 'picocolors'
import { classCounts, type DatasetParts } from '../../../data/dataset.js'
import { describeEndings } from '../../../data/node/pictures/describe-other-files.js'
import type { ScanReport } from '../../../data/node/pictures/scan-report.js'
import { IMBALANCE } from '../../../runs/lagging-classes.js'
import type { Recipe } from '../../../runs/recipe.js'
import { count, counted } from '../../format.js'
import { firstOf, leftOut } from '../../left-out.js'
import { printable } from '../../printable.js'
import { warning } from '../../warning.js'

/** Where all files are named. */
const elsewhere = 'see data.json of the run'

/** A class with fewer pictures to learn from is worth one, too. */
const FEW = 10

/** What a person should know of a folder of pictures before the training begins. */
export function describeScan(
  scan: ScanReport,
  { train, validation }: Pick<DatasetParts, 'train' | 'validation'>,
  { data: { sampling } }: Pick<Recipe, 'data'>,
): string[] {
  const lines = [
    summary(scan),
    ...scan.notes.map((note) => `${pc.dim('note  ')} ${printable(note)}`),
    ...classWarnings(train, validation, sampling),
    ...leftOut(scan.skipped, elsewhere),
  ]
  const list = <T>(title: string, items: readonly T[], describe: (item: T) => string) => {
    if (items.length > 0) lines.push(warning(title), ...firstOf(items, describe, elsewhere))
  }
  const { emptyClasses, singleColour, duplicates } = scan
  const are = emptyClasses.length === 1 ? 'class is' : 'classes are'
  list(`${count(emptyClasses.length)} ${are} left out:`, emptyClasses, ({ name, reason }) =>
    printable(`${name}: ${reason}`),
  )
  list(`${counted(singleColour.length, 'picture')} of one single colour:`, singleColour, printable)
  list(
    `${count(duplicates.length)} pictures to evaluate on are in the training part too:`,
    duplicates,
    ({ train: learnt, evaluated }) => printable(`${evaluated} = ${learnt}`),
  )
  return lines
}

function summary({ counts: { train = [] }, cache, endings, ignored, hidden }: ScanReport): string {
  const where = { memory: 'in memory', disk: 'on disk', none: 'nowhere: they are decoded at every use' }[cache]
  const [least, most] = [Math.min(...train), Math.max(...train)]
  return [
    `${pc.dim('scan  ')} ${least === most ? counted(most, 'picture') : `${count(least)}–${count(most)} pictures`} a class`,
    `decoded pictures are kept ${where}`,
    ...(ignored > 0 ? [`other files: ${printable(describeEndings(endings).join(', '))}`] : []),
    ...(hidden > 0 ? [`${count(hidden)} hidden passed over`] : []),
  ].join('; ')
}

/** What is said of classes that are too small, as the run has them. */
function classWarnings(
  train: DatasetParts['train'],
  validation: DatasetParts['validation'],
  sampling: Recipe['data']['sampling'],
): string[] {
  const { classes } = train
  const counts = classCounts(train)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const named = (label: number) => `${printable(classes[label])} (${count(counts[label])})`
  const labels = [...classes.keys()]
  const few = labels.filter((label) => counts[label] < FEW).sort((a, b) => counts[a] - counts[b])
  const held = validation && classCounts(validation)
  const unmeasured = labels.filter((label) => held?.[label] === 0)
  return [
    ...(most >= IMBALANCE * least
      ? [
          `the classes are not balanced: ${named(counts.indexOf(most))}, ${named(counts.indexOf(least))}` +
            (sampling === 'balanced' ? '' : ' (--balanced: each comes equally often)'),
        ]
      : []),
    ...(few.length > 0 ? [`fewer than ${FEW} pictures to learn from: ${some(few.map(named))}`] : []),
    ...(unmeasured.length > 0
      ? [`no picture to validate on: ${some(unmeasured.map((label) => printable(classes[label])))}`]
      : []),
  ].map(warning)
}

/** As many classes are named in a line. */
const NAMED = 5

function some(names: readonly string[]): string {
  const more = names.length - NAMED
  return [...names.slice(0, NAMED), ...(more > 0 ? [`and ${count(more)} more`] : [])].join(', ')
}
