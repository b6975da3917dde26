import { describeEndings } from '../../data/node/pictures/describe-other-files.js'
import { partNames } from '../../data/node/pictures/picture-list.js'
import { count } from '../../format-numbers.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** Files that are named; how many more there are is said. */
const NAMED = 20

/** The pictures: how many, of which classes, and what a scan of one's own has found. */
export function data({ data: name, scan, history, checkpoint, assessment, part }: ReportContent): Markup {
  const learnt = history.epochs.at(-1)?.images
  const rows: [string, string][] = [
    ['Data set', name],
    ...(scan ? [['Folder', scan.path] as [string, string]] : []),
    ['Classes', count(checkpoint.classes.length)],
    ...(learnt === undefined ? [] : [['Pictures learnt from in an epoch', count(learnt)] as [string, string]]),
    [`Pictures in ${part}`, count(assessment.metrics.images)],
    ...(scan ? scanned(scan) : []),
  ]
  return html`
<dl class="list">${rows.map(([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>\n`)}</dl>
${scan && files('How the folders were understood', scan.notes)}
${
  scan &&
  files(
    'Classes left out',
    scan.emptyClasses.map(({ name, reason }) => `${name}: ${reason}`),
  )
}
${
  scan &&
  files(
    'Files left out',
    scan.skipped.map(({ name, reason }) => `${name}: ${reason}`),
  )
}
${scan && files('Pictures of one single colour', scan.singleColour)}
${
  scan &&
  files(
    'Pictures to evaluate on that are in the training part too',
    scan.duplicates.map(({ train, evaluated }) => `${evaluated} = ${train}`),
  )
}`
}

function scanned({
  counts,
  skipped,
  ignored,
  endings,
  hidden,
  duplicates,
}: NonNullable<ReportContent['scan']>): [string, string][] {
  const found = partNames.flatMap((part): [string, string][] => {
    const own = counts[part]
    if (!own) return []
    const total = own.reduce((a, b) => a + b, 0)
    return [
      [
        `Found in ${part}`,
        `${count(total)} pictures, ${count(Math.min(...own))} to ${count(Math.max(...own))} a class`,
      ],
    ]
  })
  return [
    ...found,
    ['Files left out', count(skipped.length)],
    ['Other files', ignored > 0 ? describeEndings(endings).join(', ') || count(ignored) : 'none'],
    ['Hidden files and folders passed over', count(hidden)],
    ['Duplicates across parts', count(duplicates.length)],
  ]
}

function files(title: string, lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined
  const more = lines.length - NAMED
  return html`<h3>${title}</h3><ul class="files">${lines.slice(0, NAMED).map((line) => html`<li>${line}</li>`)}${more > 0 && html`<li class="soft">and ${count(more)} more: see data.json of the run</li>`}</ul>`
}
