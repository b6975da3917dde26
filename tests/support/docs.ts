import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A page of the documentation. */
export interface Page {
  /** Its path in the repository. */
  readonly name: string
  readonly text: string
}

/** A piece of code that stands between two fences. */
export interface Block {
  /** `sh`, `ts`, …; empty where none is named. */
  readonly language: string
  readonly code: string
}

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** All pages that people read: those of the repository's root, and of docs/. */
export const pages: readonly Page[] = ['', 'docs/'].flatMap((folder) =>
  readdirSync(inRepository(folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({ name: `${folder}${name}`, text: readFileSync(inRepository(`${folder}${name}`), 'utf8') })),
)

/** The text of a page. */
export function textOf(name: string): string {
  const page = pages.find((one) => one.name === name)
  if (page === undefined) throw new Error(`there is no page ${name}`)
  return page.text
}

const FENCED = /^```(\w*)\n([\s\S]*?)^```$/gm

export function blocksOf(text: string): Block[] {
  return [...text.matchAll(FENCED)].map(([, language, code]) => ({ language, code }))
}

/** A page without its blocks of code. */
export function proseOf(text: string): string {
  return text.replaceAll(FENCED, '')
}

/** What stands as code within the text. */
export function inlineCodeOf(text: string): string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code)
}

/** What the text names as options: `--lr`, also as `--lr 0.02`. */
export function optionsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option)
}

/** The ids of a page's headings, as GitHub makes them, and those that it gives itself. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id))
  for (const [, heading] of proseOf(text).matchAll(/^#+ (.+)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const id = plain.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-')
    let free = id
    for (let n = 1; anchors.has(free); n++) free = `${id}-${n}`
    anchors.add(free)
  }
  return anchors
}

/** The targets of a page's links and pictures. */
export function linksOf(text: string): string[] {
  const prose = proseOf(text).replaceAll(/`[^`\n]+`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)
}

/** The part of a page under a heading of the second level. */
export function sectionOf(text: string, heading: string): string {
  const [, section] = text.split(`\n## ${heading}\n`)
  if (section === undefined) throw new Error(`there is no section '${heading}'`)
  return section.split(/\n## /)[0]
}

/** The rows of all tables in a text, but for their titles: cells as they are written. */
export function rowsOf(text: string): string[][] {
  const lines = text.split('\n')
  return lines.flatMap((line, n) => {
    const isRow = line.startsWith('|') && !/^\|[ :-]+\|/.test(line) && !/^\|[ :-]+\|/.test(lines[n + 1] ?? '')
    return isRow
      ? [
          line
            .slice(1, line.lastIndexOf('|'))
            .split(/(?<!\\)\|/)
            .map((cell) => cell.trim()),
        ]
      : []
  })
}

/**
 * The calls of `alexnet` in lines for a shell, as the words that follow the name. What stands before (variables, `npx`)
 * and behind (pipes, redirections, comments) falls off.
 */
export function callsIn(code: string): string[][] {
  return code.split('\n').flatMap((line) => commandsOf(line).flatMap(callOf))
}

function callOf(words: readonly string[]): string[][] {
  const start = words.findIndex((word) => !/^(npx|\w+=.*)$/.test(word))
  return words[start] === 'alexnet' ? [words.slice(start + 1)] : []
}

/** The commands of a line: its words, without quotes. */
function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]]
  for (const [token] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"|&;>])+|[|&;>]+|\s+/g)) {
    if (/^\s/.test(token)) continue
    if (token.startsWith('#')) break
    if (/^[|&;>]/.test(token)) commands.push([])
    else commands.at(-1)!.push(token.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double))
  }
  return commands
}
