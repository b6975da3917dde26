import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const source = fileURLToPath(new URL('../docs/primer.md', import.meta.url))

/** Puts docs/primer.md into primer.html, where a comment names it. */
export function primerPage(): Plugin {
  return {
    name: 'primer-page',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => html.replace('<!-- docs/primer.md -->', () => toHtml(readFileSync(source, 'utf8'))),
    },
  }
}

/**
 * As much of Markdown as the primer has: titles, paragraphs, lists, blocks of code, and within them code, strong and
 * emphasised words and links. Where a link leads to another document, which is not beside the page, its words remain.
 */
export function toHtml(markdown: string): string {
  return markdown
    .split(/^(```\w*\n[\s\S]*?^```)$/m)
    .flatMap((part) => {
      const [, code] = /^```\w*\n([\s\S]*)```$/.exec(part) ?? []
      if (code !== undefined) return [`<pre tabindex="0">${escaped(code)}</pre>`]
      return part.split(/\n{2,}/).flatMap((paragraph) => (paragraph.trim() === '' ? [] : [blockOf(paragraph.trim())]))
    })
    .join('\n')
}

function blockOf(text: string): string {
  const [, level, title] = /^(#+) (.*)$/.exec(text) ?? []
  if (level !== undefined) return `<h${level.length}>${inline(title)}</h${level.length}>`
  if (!text.startsWith('- ')) return `<p>${inline(text)}</p>`
  return `<ul>${text
    .slice(2)
    .split('\n- ')
    .map((item) => `<li>${inline(item)}</li>`)
    .join('')}</ul>`
}

function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) =>
      part.startsWith('`')
        ? `<code>${escaped(part.slice(1, -1))}</code>`
        : escaped(part)
            .replaceAll(/\[([^\]]+)\]\((https:[^)]+)\)/g, '<a href="$2">$1</a>')
            .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
            .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
            .replaceAll(/\*([^*]+)\*/g, '<em>$1</em>'),
    )
    .join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
