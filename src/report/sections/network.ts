import { count } from '../../format-numbers.js'
import { summarise } from '../../models/summary.js'
import type { ReportContent } from '../content.js'
import { html, type Markup } from '../markup.js'

/** The layers, as `alexnet inspect` shows them. */
export function network({ checkpoint }: ReportContent): Markup {
  const { model, input, layers, parameters, multiplyAdds } = summarise(checkpoint.model)
  const number = (value: number) => (value > 0 ? count(value) : '')
  return html`
<p class="soft">${model} on pictures of ${input.join('×')}, ${count(checkpoint.classes.length)} classes.</p>
<div class="scroll"><table>
<thead><tr><th scope="col" class="text">Layer</th><th scope="col" class="text">Kind</th><th scope="col" class="text">Settings</th><th scope="col" class="text">Output</th><th scope="col">Parameters</th><th scope="col">Multiply-adds</th></tr></thead>
<tbody>
${layers.map((layer) => html`<tr><th scope="row" class="text">${layer.name}</th><td class="text">${layer.kind}</td><td class="text">${layer.settings}</td><td class="text">${layer.output.join('×')}</td><td>${number(layer.parameters)}</td><td>${number(layer.multiplyAdds)}</td></tr>\n`)}</tbody>
<tfoot><tr><th scope="row" class="text" colspan="4">Total</th><td>${count(parameters)}</td><td>${count(multiplyAdds)}</td></tr></tfoot>
</table></div>`
}
