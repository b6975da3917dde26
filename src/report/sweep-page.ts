import { duration, percent } from '../format-numbers.js'
import { type Combination, groupOf, measuredOf, type RankedRun, type SeedGroup, type Sweep } from '../runs/sweep.js'
import { settingsText, spreadText, valueText } from '../runs/sweep-text.js'
import { chart, type Series } from './chart.js'
import { type History, thinned } from './history.js'
import { html, type Markup, trusted } from './markup.js'
import { style } from './style.js'

export interface SweepContent {
  /** The sweep's name. */
  readonly name: string
  readonly sweep: Sweep
  /** The best first. */
  readonly runs: readonly ComparedRun[]
  readonly groups: readonly SeedGroup[]
}

export interface ComparedRun extends RankedRun {
  readonly history: History
  /** The path of its report, from the page. */
  readonly report?: string
}

/** Points of a curve: more would not show. */
const MOST_POINTS = 200
/** Colours of the style; more groups begin anew, in dashes. */
const COLOURS = 8
const DASHES = [undefined, '5 3', '1.5 3']

/** Curves over each other and a table of a sweep as one HTML document, which needs nothing else; it links to the reports. */
export function sweepPage({ name, sweep, runs, groups }: SweepContent): string {
  const part = runs.find(({ history }) => history.epochs.length > 0)?.history.part ?? 'test'
  const keys = sweep.lists.map(({ key }) => key)
  const lineOf = lineStyles(sweep.runs)
  const best = runs[0] && measuredOf(runs[0])
  const done = runs.filter((run) => measuredOf(run)).length
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}: ${keys.join(', ')}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${name}</h1>
<p class="soft">${done} of ${sweep.runs.length} trainings that differ in ${keys.join(', ')}</p>
${best && html`<p>The best: ${settingsText(runs[0].settings)}, with an accuracy of ${percent(best.top1)} on the ${part} pictures.</p>`}
</header>
<main>
<section aria-labelledby="curves">
<h2 id="curves">Learning curves</h2>
<div class="figures">
${figure(`${part} accuracy`, runs, lineOf, (error) => 1 - error, 'error', '.0%')}
${figure(`${part} loss`, runs, lineOf, (loss) => loss, 'loss')}
</div>
<p class="soft">After each epoch. ${groups.length > 0 && 'Runs that differ in their seed alone have one colour.'}</p>
</section>
${
  groups.length > 0 &&
  html`<section aria-labelledby="seeds">
<h2 id="seeds">Over seeds</h2>
${groupTable(keys, part, groups)}
<p class="soft">Means, and standard deviations of single runs (with n − 1).</p>
</section>`
}
<section aria-labelledby="runs">
<h2 id="runs">Runs</h2>
${runTable(keys, part, runs, lineOf)}
</section>
</main>
</body>
</html>
`.text
}

type LineOf = (run: Combination) => Pick<Series, 'colour' | 'dash'>

/** One line style for runs that differ in their seed alone. */
function lineStyles(runs: readonly Combination[]): LineOf {
  const groups = [...new Set(runs.map(groupOf))]
  return (run) => {
    const index = groups.indexOf(groupOf(run))
    return { colour: (index % COLOURS) + 1, dash: DASHES[Math.floor(index / COLOURS) % DASHES.length] }
  }
}

function figure(
  title: string,
  runs: readonly ComparedRun[],
  lineOf: LineOf,
  value: (measure: number) => number,
  key: 'loss' | 'error',
  format?: string,
): Markup {
  const series = runs.map(
    (run): Series => ({
      label: run.name,
      ...lineOf(run),
      points: thinned(run.history.epochs, MOST_POINTS).map(({ epoch, evaluation }) => ({
        x: epoch,
        y: value(evaluation[key]),
      })),
    }),
  )
  const epochs = Math.max(1, ...series.flatMap(({ points }) => points.map(({ x }) => x)))
  const description = `${title} of ${runs.length} runs over ${epochs} epochs; the table has the numbers`
  return html`<figure><figcaption>${title}</figcaption>${chart({ description, epochs, series, ...(format && { format }) })}</figure>`
}

function runTable(keys: readonly string[], part: string, runs: readonly ComparedRun[], lineOf: LineOf): Markup {
  const hasBoth = runs.some(({ validation, test }) => validation && test)
  const row = (run: ComparedRun) => {
    const measured = measuredOf(run)
    const { colour, dash } = lineOf(run)
    const name = run.report === undefined ? html`${run.name}` : html`<a href="${run.report}">${run.name}</a>`
    const swatch = html`<i class="swatch" style="border-color: var(--series-${colour})${dash !== undefined && '; border-top-style: dashed'}"></i>`
    return html`<tr><th scope="row" class="text">${swatch}${name}</th>${keys.map((key) => html`<td>${valueText(run.settings[key])}</td>`)}${
      measured
        ? html`<td>${percent(measured.top1)}</td><td>${measured.loss.toFixed(4)}</td>${hasBoth && html`<td>${run.test && percent(run.test.top1)}</td>`}`
        : html`<td class="text" colspan="${hasBoth ? 3 : 2}">${run.failed?.message}</td>`
    }<td>${run.epochs}</td><td>${duration(run.seconds)}</td></tr>\n`
  }
  return html`<div class="scroll"><table>
<thead><tr><th scope="col" class="text">Run</th>${keys.map((key) => html`<th scope="col">${key}</th>`)}<th scope="col">${part} accuracy</th><th scope="col">${part} loss</th>${hasBoth && html`<th scope="col">test accuracy</th>`}<th scope="col">Epochs</th><th scope="col">Time</th></tr></thead>
<tbody>
${runs.map(row)}</tbody>
</table></div>`
}

function groupTable(keys: readonly string[], part: string, groups: readonly SeedGroup[]): Markup {
  const others = keys.filter((key) => Object.hasOwn(groups[0].settings, key))
  return html`<div class="scroll"><table>
<thead><tr>${others.map((key) => html`<th scope="col">${key}</th>`)}<th scope="col">Seeds</th><th scope="col">${part} accuracy</th><th scope="col">${part} loss</th></tr></thead>
<tbody>
${groups.map(
  ({ settings, runs, accuracy, loss }) =>
    html`<tr>${others.map((key) => html`<td>${valueText(settings[key])}</td>`)}<td>${runs}</td><td>${spreadText(accuracy, percent)}</td><td>${spreadText(loss, (value) => value.toFixed(4))}</td></tr>\n`,
)}</tbody>
</table></div>`
}
