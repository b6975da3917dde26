import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const repository = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'alexnet-imports-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The rules that this tree of files breaks, as `npm run lint` checks them. */
function broken(name: string, files: Record<string, string>, ...options: string[]): string[] {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, name, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const command = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const config = join(repository, '.dependency-cruiser.js')
  const output = execFileSync(
    process.execPath,
    [command, 'src', '--config', config, '--output-type', 'json', ...options],
    { cwd: join(folder, name), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const { summary } = JSON.parse(output) as { summary: { violations: { rule: { name: string } }[] } }
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort()
}

const leaf = 'export type Leaf = number\n'

it('imports that go down are in order', () => {
  const files = { 'src/graph/node.ts': `import type { Leaf } from '../tensor.js'\nexport type N = Leaf\n` }
  expect(broken('down', { ...files, 'src/tensor.ts': leaf })).toEqual([])
})

it('an import that goes up is found, be it of a type alone, exported again, or made at run time', () => {
  const files = {
    'src/graph/type.ts': `import type { Leaf } from '../engines/leaf.js'\nexport type N = Leaf\n`,
    'src/models/again.ts': `export * from '../training/leaf.js'\n`,
    'src/data/later.ts': `export const later = () => import('../runs/leaf.js')\n`,
    'src/ground.ts': `export type { Leaf } from './data/leaf.js'\n`,
  }
  const leaves = Object.fromEntries(['engines', 'training', 'runs', 'data'].map((at) => [`src/${at}/leaf.ts`, leaf]))
  expect(broken('up', { ...files, ...leaves })).toEqual([
    'data-imports-only-below',
    'graph-imports-only-below',
    'models-imports-only-below',
    'single-files-are-the-ground',
  ])
})

it('a circle of files is found, and one of folders whose files make none', () => {
  const files = {
    'src/graph/a.ts': `import type { B } from './b.js'\nexport type A = B\n`,
    'src/graph/b.ts': `import type { A } from './a.js'\nexport type B = A\n`,
  }
  expect(broken('files', files)).toEqual(['no-circle'])
  const folders = {
    'src/engines/one/a.ts': `export type { B } from '../two/b.js'\n`,
    'src/engines/two/b.ts': `export type B = number\n`,
    'src/engines/two/c.ts': `export type { D } from '../one/d.js'\n`,
    'src/engines/one/d.ts': `export type D = number\n`,
  }
  expect(broken('folders', folders)).toEqual([])
  expect(broken('folders', {}, '--collapse', '^src/[^/]+/[^/]+/')).toEqual(['no-circle'])
})

it('Node stays out of what a browser loads, and a folder without a place is refused', () => {
  const files = {
    'src/index.ts': `export { read } from './data/read.js'\n`,
    'src/data/read.ts': `export { read } from './node/read.js'\n`,
    'src/data/node/read.ts': `export { readFileSync as read } from 'node:fs'\n`,
    'src/data/path.ts': `export { join } from 'node:path'\n`,
    'src/misc/any.ts': `export * from '../nowhere.js'\n`,
    'src/runs/run.ts': `export * from '../index.js'\n`,
  }
  expect(broken('node', files)).toEqual([
    'browser-never-reaches-node',
    'entries-are-for-others',
    'every-folder-is-a-layer',
    'node-only-where-node-runs',
    'resolvable',
  ])
})
