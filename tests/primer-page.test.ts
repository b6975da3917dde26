import { readFileSync } from 'node:fs'
import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { toHtml } from '../web/primer-page.js'

it('the primer is a page: all of its titles, paragraphs, lists and blocks, and no sign of Markdown', () => {
  const markdown = readFileSync(new URL('../docs/primer.md', import.meta.url), 'utf8')
  const { document } = parseHTML(`<main>${toHtml(markdown)}</main>`)
  const count = (selector: string) => document.querySelectorAll(selector).length
  expect(count('h1')).toBe(1)
  expect(count('h2')).toBe(markdown.match(/^## /gm)!.length)
  expect(count('pre')).toBe(markdown.match(/^```\w*$/gm)!.length / 2)
  expect(count('li')).toBe(markdown.match(/^- /gm)!.length)
  expect(count('strong')).toBe(markdown.match(/\*\*[^*]+\*\*/g)!.length)
  for (const code of document.querySelectorAll('pre, code')) code.remove()
  expect(document.querySelector('main')!.textContent).not.toMatch(/[*`#\]]/)
})

it('what stands in it is text', () => {
  expect(toHtml('# A & B\n\n`<b>` is *code*, [here](x.md), [there](https://a.example/)\n\n```\n**1** < 2\n```\n')).toBe(
    '<h1>A &amp; B</h1>\n' +
      '<p><code>&lt;b&gt;</code> is <em>code</em>, here, <a href="https://a.example/">there</a></p>\n' +
      '<pre tabindex="0">**1** &lt; 2\n</pre>',
  )
})
