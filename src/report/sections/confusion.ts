import { count, percent } from '../../format-numbers.js'
import type { ClassResult } from '../../runs/class-results.js'
import { classResults, confusedPairs } from '../confusions.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** A matrix of more classes cannot be read; the pairs that matter are listed instead. */
const MOST_CLASSES = 30
const MOST_PAIRS = 40

/** Which classes are taken for which. */
export function confusion({ checkpoint, assessment }: ReportContent): Markup {
  const { classes } = checkpoint
  const results = classResults(assessment.confusion, classes.length)
  if (classes.length <= MOST_CLASSES) return matrix(classes, assessment.confusion, results)
  const pairs = confusedPairs(assessment.confusion, classes.length, MOST_PAIRS)
  if (pairs.length === 0) return html`<p>No picture was taken for another class.</p>`
  return html`
<p class="soft">The pairs of the ${count(classes.length)} classes that are confused most often.</p>
<div class="scroll"><table>
<thead><tr><th scope="col" class="text">Class</th><th scope="col" class="text">taken for</th><th scope="col">Pictures</th><th scope="col">of the class</th></tr></thead>
<tbody>
${pairs.map(({ label, predicted, count: pictures, share }) => html`<tr><th scope="row" class="text">${classes[label]}</th><td class="text">${classes[predicted]}</td><td>${count(pictures)}</td><td>${percent(share)}</td></tr>\n`)}</tbody>
</table></div>`
}

function matrix(classes: readonly string[], confusion: Uint32Array, results: readonly ClassResult[]): Markup {
  return html`
<p class="soft">A row for each class, a column for what its pictures were taken for. The stronger the colour, the larger the share of the row.</p>
<div class="scroll"><table class="matrix">
<thead><tr><th scope="col" class="text">Class</th>${classes.map((name) => html`<th scope="col" class="upright"><span>${name}</span></th>`)}</tr></thead>
<tbody>
${classes.map((name, label) => html`<tr><th scope="row" class="text">${name}</th>${classes.map((_, predicted) => cell(confusion[label * classes.length + predicted], results[label], predicted))}</tr>\n`)}</tbody>
</table></div>`
}

function cell(pictures: number, { label, pictures: all }: ClassResult, predicted: number): Markup {
  if (pictures === 0) return html`<td></td>`
  const share = pictures / all
  // Between light and dark lies a tone on which neither ink can be read.
  const dark = share >= 0.5
  const tone = Math.round(dark ? 85 + 15 * (2 * share - 1) : 8 + 50 * share)
  return html`<td class="${label === predicted ? 'hit' : 'miss'}${dark ? ' dark' : ''}" style="--tone:${tone}%">${count(pictures)}</td>`
}
