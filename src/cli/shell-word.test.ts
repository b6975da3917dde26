import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shellWord } from './shell-word.js'

const names = [
  'runs/a-1',
  'größe/日本',
  "it's",
  'a b',
  '$HOME',
  '`x`',
  '"',
  'a\\b',
  'a;b',
  'a*',
  'a\nb',
  "a\n'\\",
  '-x',
  '~',
  '#',
]

it.each(names)('%j is one word of Bash', (name) => {
  expect(execFileSync('bash', ['-c', `printf %s ${shellWord(name, 'linux')}`], { encoding: 'utf8' })).toBe(name)
  expect(shellWord(name, 'linux')).not.toContain('\n')
})

it('leaves plain paths as they are', () => {
  expect(['runs/a-1', 'größe/日本'].map((name) => shellWord(name, 'linux'))).toEqual(['runs/a-1', 'größe/日本'])
  expect(shellWord('C:\\runs\\a', 'win32')).toBe('C:\\runs\\a')
  expect(shellWord('C:\\my runs', 'win32')).toBe('"C:\\my runs"')
})
