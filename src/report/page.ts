import type { ReportContent } from './content.js'
import { html, type Markup, trusted } from './markup.js'
import { classes } from './sections/classes.js'
import { confusion } from './sections/confusion.js'
import { curves } from './sections/curves.js'
import { data } from './sections/data.js'
import { filters } from './sections/filters.js'
import { machine } from './sections/machine.js'
import { mistakes } from './sections/mistakes.js'
import { network } from './sections/network.js'
import { result } from './sections/result.js'
import { style } from './style.js'

interface Section {
  readonly id: string
  readonly title: string
  readonly body: Markup
  /** Stands beside another one where there is room. */
  readonly half?: boolean
}

/** With more classes a matrix takes the whole width. */
const HALF_CLASSES = 12

/**
 * A report as one HTML document that needs nothing else: no script, no font, no request. Its security policy forbids them
 * too, whatever the names of classes and files hold.
 */
export function page(content: ReportContent): string {
  const { run, checkpoint, data: dataset, recipe } = content
  const title = `${run}: ${checkpoint.model.name} on ${dataset}`
  const half = checkpoint.classes.length <= HALF_CLASSES
  const sections: Section[] = [
    { id: 'curves', title: 'Learning curves', body: curves(content) },
    { id: 'mistakes', title: 'Most confident mistakes', body: mistakes(content) },
    { id: 'confusion', title: 'Confusions', body: confusion(content), half },
    { id: 'classes', title: 'Recall of each class', body: classes(content), half },
    ...(content.filters
      ? [{ id: 'filters', title: 'Filters of the first layer', body: filters(content.filters) }]
      : []),
    { id: 'network', title: 'Network', body: network(content) },
    { id: 'data', title: 'Pictures', body: data(content), half: true },
    { id: 'machine', title: 'Machine and time', body: machine(content), half: true },
    { id: 'settings', title: 'Settings', body: settings(recipe) },
  ]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>${checkpoint.model.name} on ${dataset}</h1>
<p class="soft">Report of the run ${run}</p>
${result(content)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(({ id, title, body, half }) => html`<section aria-labelledby="${id}"${half && html` class="half"`}>\n<h2 id="${id}">${title}</h2>${body}\n</section>\n`)}
</main>
</body>
</html>
`.text
}

function settings(recipe: string): Markup {
  return html`<p class="soft">The recipe with all settings, as recipe.yaml of the run has it: <code>alexnet train --recipe</code> repeats it.</p>
<pre tabindex="0">${recipe}</pre>`
}
