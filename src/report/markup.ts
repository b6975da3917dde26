/** HTML that is safe to show: whatever came from outside has been escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Content = Markup | string | number | undefined | false | readonly Content[]

/**
 * HTML as a template. What is put in is escaped, also between the quotes of an attribute; Markup stays as it is; of a list
 * all entries are put in; undefined and false leave nothing.
 *
 * @example html`<p title="${name}">${names.map((name) => html`<b>${name}</b>`)}</p>`
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + textOf(contents[i - 1]) + string))
}

/** HTML that is known to be safe. */
export function trusted(text: string): Markup {
  return new Markup(text)
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content))
  return content.map(textOf).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  // Control characters, which a file's name may hold, are not allowed in HTML.
  return text.replace(/[&<>"']/g, (character) => entities[character]).replace(/[^\P{Cc}\n\t]/gu, '\ufffd')
}
