import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkImports } from '../scripts/imports/check-imports.js'
import { layers } from '../scripts/imports/layers.js'

const inRepository = (path: string) => new URL(`../${path}`, import.meta.url)

/** The rules of `npm run lint:imports` that a tree of files breaks. */
async function broken(files: Record<string, string>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'alexnet-imports-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  try {
    return (await checkImports(root)).broken
  } finally {
    rmSync(root, { recursive: true })
  }
}

const leaf = 'export type Leaf = number\n'

it('imports that go down are in order', async () => {
  const importing = `import type { Leaf } from '../tensor.js'\nexport type N = Leaf\n`
  expect(await broken({ 'src/graph/node.ts': importing, 'src/tensor.ts': leaf })).toEqual([])
})

it('an import that goes up is found, be it of a type alone, passed on, or made at run time', async () => {
  const files = {
    'src/graph/type.ts': `import type { Leaf } from '../engines/leaf.js'\nexport type N = Leaf\n`,
    'src/models/passed-on.ts': `export * from '../training/leaf.js'\n`,
    'src/data/later.ts': `export const later = () => import('../runs/leaf.js')\n`,
    'src/ground.ts': `export type { Leaf } from './data/leaf.js'\n`,
  }
  const leaves = Object.fromEntries(['engines', 'training', 'runs', 'data'].map((at) => [`src/${at}/leaf.ts`, leaf]))
  expect(await broken({ ...files, ...leaves })).toEqual([
    'data-imports-only-below',
    'graph-imports-only-below',
    'models-imports-only-below',
    'single-files-are-the-ground',
  ])
})

it('a circle of files is found', async () => {
  const files = {
    'src/graph/a.ts': `import type { B } from './b.js'\nexport type A = B\n`,
    'src/graph/b.ts': `import type { A } from './a.js'\nexport type B = A\n`,
  }
  expect(await broken(files)).toEqual(['no-circle'])
})

it('a circle of folders is found where their files make none', async () => {
  const files = {
    'src/engines/one/a.ts': `export type { B } from '../two/b.js'\n`,
    'src/engines/one/d.ts': `export type D = number\n`,
    'src/engines/two/b.ts': `export type B = number\n`,
    'src/engines/two/c.ts': `export type { D } from '../one/d.js'\n`,
  }
  expect(await broken(files)).toEqual(['no-circle-of-folders'])
})

it('a table above the folder that it lists, and a contract that its files share, are no circle', async () => {
  const files = {
    'src/graph/operator.ts': leaf,
    'src/graph/ops/activation.ts': `export type { Leaf } from '../operator.js'\n`,
    'src/graph/table.ts': `export type { Leaf } from './ops/activation.js'\n`,
  }
  expect(await broken(files)).toEqual([])
})

it('a browser never loads what is for Node, and no folder is without a layer', async () => {
  const files = {
    'src/index.ts': `export { read } from './data/read.js'\n`,
    'src/data/read.ts': `export { read } from './node/read.js'\n`,
    'src/data/node/read.ts': `export { readFileSync as read } from 'node:fs'\n`,
    'src/data/path.ts': `export { join } from 'node:path'\n`,
    'src/misc/any.ts': `export * from '../nowhere.js'\n`,
    'src/runs/run.ts': `export * from '../index.js'\n`,
  }
  expect(await broken(files)).toEqual([
    'browser-never-reaches-node',
    'entries-are-for-others',
    'every-folder-is-a-layer',
    'node-only-where-node-runs',
    'resolvable',
  ])
})

describe('docs/architecture.md', () => {
  const text = readFileSync(inRepository('docs/architecture.md'), 'utf8')
  const [, section] = text.split('## The layers of `src/`\n')
  const [, picture, table] = section.split('\n## ')[0].split('```')

  it('draws the layers in their order', () => {
    expect(picture.split(/\s+/).filter((word) => layers.includes(word))).toEqual(layers)
  })

  it('lists them in their order', () => {
    expect([...table.matchAll(/^\| `(\w+)\/` /gm)].map(([, name]) => name)).toEqual(layers)
  })
})

it('every layer is there', () => {
  const folders = readdirSync(inRepository('src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).sort()).toEqual([...layers].sort())
})
