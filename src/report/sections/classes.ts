import { count, percent } from '../../format-numbers.js'
import { type ClassResult, classResults } from '../confusions.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** With more classes, those with the lowest accuracy are shown, and the others on demand. */
const MOST_CLASSES = 30
/** So many more at most: the file must stay small. */
const MOST_MORE = 1000

/** How well each class is recognised, the worst first. */
export function classes({ checkpoint, assessment, part }: ReportContent): Markup {
  const names = checkpoint.classes
  const results = classResults(assessment.confusion, names.length)
    .filter(({ pictures }) => pictures > 0)
    .sort((a, b) => a.correct / a.pictures - b.correct / b.pictures)
  const [worst, others] = [results.slice(0, MOST_CLASSES), results.slice(MOST_CLASSES, MOST_CLASSES + MOST_MORE)]
  const absent = names.length - results.length
  return html`
${others.length > 0 && html`<p class="soft">The ${count(worst.length)} classes with the lowest accuracy, of ${count(results.length)}.</p>`}
${table(names, worst)}
${absent > 0 && html`<p class="soft">${count(absent)} ${absent === 1 ? 'class has' : 'classes have'} no ${part} pictures.</p>`}
${others.length > 0 && html`<details><summary>${count(others.length)} more classes</summary>${table(names, others)}</details>`}`
}

function table(names: readonly string[], results: readonly ClassResult[]): Markup {
  return html`<div class="scroll"><table class="classes">
<thead><tr><th scope="col" class="text">Class</th><th scope="col">Pictures</th><th scope="col">Correct</th><th scope="col">Accuracy</th><th aria-hidden="true"></th></tr></thead>
<tbody>
${results.map(({ label, pictures, correct }) => html`<tr><th scope="row" class="text">${names[label]}</th><td>${count(pictures)}</td><td>${count(correct)}</td><td>${percent(correct / pictures)}</td><td class="bar" aria-hidden="true"><i style="width:${((100 * correct) / pictures).toFixed(1)}%"></i></td></tr>\n`)}</tbody>
</table></div>`
}
