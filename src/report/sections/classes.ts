import { count, percent } from '../../format-numbers.js'
import { type ClassResult, macroAverage, measuresOf, present } from '../../runs/class-results.js'
import { classResults } from '../confusions.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** With more classes, those with the lowest recall are shown, and the others on demand. */
const MOST_CLASSES = 30
/** So many more at most: the file must stay small. */
const MOST_MORE = 1000

/** How well each class is recognised, the worst first. */
export function classes({ checkpoint, assessment, part }: ReportContent): Markup {
  const names = checkpoint.classes
  const results = present(classResults(assessment.confusion, names.length)).sort(
    (a, b) => measuresOf(a).recall - measuresOf(b).recall,
  )
  const macro = macroAverage(results)
  const [worst, others] = [results.slice(0, MOST_CLASSES), results.slice(MOST_CLASSES, MOST_CLASSES + MOST_MORE)]
  const absent = names.length - results.length
  return html`
<p class="soft">Recall: of the pictures of a class, those that were recognised. Precision: of the pictures taken for it, those that are of it. The mean over the classes: ${percent(macro.recall)} and ${percent(macro.precision)}, F1 ${percent(macro.f1)}.</p>
${others.length > 0 && html`<p class="soft">The ${count(worst.length)} classes with the lowest recall, of ${count(results.length)}.</p>`}
${table(names, worst)}
${absent > 0 && html`<p class="soft">${count(absent)} ${absent === 1 ? 'class has' : 'classes have'} no ${part} pictures.</p>`}
${others.length > 0 && html`<details><summary>${count(others.length)} more classes</summary>${table(names, others)}</details>`}`
}

function table(names: readonly string[], results: readonly ClassResult[]): Markup {
  return html`<div class="scroll"><table class="classes">
<thead><tr><th scope="col" class="text">Class</th><th scope="col">Pictures</th><th scope="col">Correct</th><th scope="col">Precision</th><th scope="col">Recall</th><th aria-hidden="true"></th></tr></thead>
<tbody>
${results.map((result) => row(names[result.label], result))}</tbody>
</table></div>`
}

function row(name: string, result: ClassResult): Markup {
  const { recall, precision } = measuresOf(result)
  return html`<tr><th scope="row" class="text">${name}</th><td>${count(result.pictures)}</td><td>${count(result.correct)}</td><td>${percent(precision)}</td><td>${percent(recall)}</td><td class="bar" aria-hidden="true"><i style="width:${(100 * recall).toFixed(1)}%"></i></td></tr>\n`
}
