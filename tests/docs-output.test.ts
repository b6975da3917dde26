import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alexnet, alexnetIn } from './support/cli.js'
import { blocksOf, inlineCodeOf, rowsOf, sectionOf, textOf } from './support/docs.js'
import { tinyFolder } from './support/tiny-pictures.js'

const reference = textOf('docs/command-line.md')
const compute = ['--threads', '1', '--engine', 'onnx'] as const

let folder: string
let pictures: string
/** What each command has printed with --json. */
const printed: Record<string, unknown[]> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-docs-'))
  pictures = join(folder, 'pictures')
  await tinyFolder(pictures, { red: [150, 20, 20], green: [20, 150, 20] }, 6)
  await tinyFolder(join(folder, 'parts', 'train'), { red: [150, 20, 20], green: [20, 150, 20] }, 4)
  await tinyFolder(join(folder, 'parts', 'test'), { red: [140, 20, 20], green: [20, 140, 20] }, 2)
  await writeFile(join(folder, 'no-picture.png'), 'none')
  await writeFile(
    join(folder, 'recipe.yaml'),
    `model: { name: alexnet-cifar, width: 0.0625 }
data: { name: pictures, size: 16, validation: 0.5 }
training: { epochs: 1, batchSize: 2 }
optimizer: { rate: 0.01 }
`,
  )
  const picture = join(pictures, 'red', '0.png')
  const settings = ['--recipe', './recipe.yaml', ...compute, '--json']
  await run('train', pictures, ...settings, '--out', 'run')
  await run('train', 'parts', ...settings, '--tensorboard', '--csv', '--out', 'tested')
  // Nothing is learnt at such a rate, and patience ends.
  await run('train', pictures, ...settings, '--lr', '1e-12', '--epochs', '3', '--patience', '1', '--out', 'patient')
  await run('train', pictures, ...settings, '--dry-run')
  // Without a recipe the settings follow the folder.
  const tiny = ['--width', '0.0625', '--epochs', '1', '--batch-size', '2', ...compute, '--json']
  await run('train', pictures, ...tiny, '--dry-run')
  await run(
    'lr-find',
    pictures,
    '--recipe',
    './recipe.yaml',
    '--steps',
    '60',
    '--from',
    '1e-3',
    '--to',
    '1',
    '--out',
    'rates.svg',
    ...compute,
    '--json',
  )
  await run('evaluate', 'run', ...compute, '--json')
  await run('predict', 'run', picture, 'no-picture.png', ...compute, '--json')
  await run('predict', picture, ...compute, '--json')
  await run('zoo', '--json')
  await run('features', 'run', pictures, 'no-picture.png', ...compute, '--json')
  await run('similar', 'run', picture, pictures, '--out', 'like.png', ...compute, '--json')
  await run('report', 'run', ...compute, '--json')
  await run('inspect', '--json')
  await run('inspect', 'run', '--json')
  await run(
    'import',
    fileURLToPath(new URL('golden/formats/zip.pth', import.meta.url)),
    '--out',
    'imported',
    '--image-size',
    '67',
    '--json',
  )
  await run('export', 'run', '--json')
  await run('augment', picture, '--out', 'sheet.png', '--count', '1', '--json')
  await run('doctor', '--json')
}, 300_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(command: string, ...args: string[]): Promise<void> {
  const { stdout, stderr } = await alexnetIn({ cwd: folder }, command, ...args)
  if (stdout === '') throw new Error(`alexnet ${command}: ${stderr}`)
  printed[command] = [...(printed[command] ?? []), JSON.parse(stdout)]
}

/** The keys of all objects in a value. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...(OPEN.has(key) ? [] : keysIn(inner))])
}

/** What lies below these keys is named by something else: a layer's kind, a recipe's keys. */
const OPEN = new Set(['settings', 'transforms', 'recipe', 'value'])

/** What the text calls fields: in tables of them, in examples and in forms such as `{file, bytes}`. */
function fieldsIn(section: string): string[] {
  const tables = section.split(/\n(?=\| field )/).slice(1)
  const rows = tables.flatMap((table) => rowsOf(table.split('\n\n')[0]).flatMap(([first]) => inlineCodeOf(first)))
  const examples = blocksOf(section).filter(({ language }) => language === 'json')
  const forms = inlineCodeOf(section).filter((code) => /^\[?\{\s*"?\w/.test(code) && !code.includes('kind:'))
  const inForms = forms.flatMap((code) => [...code.matchAll(/(?<=[{,]\s*"?)\w+/g)].map(([key]) => key))
  return [...rows, ...examples.flatMap(({ code }) => keysIn(JSON.parse(code))), ...inForms]
}

/** What only happens by chance, or to other networks and machines. */
const RARE = ['interrupted', 'problem', 'hint', 'found', 'error', 'reason', 'name']

describe.each([
  'train',
  'lr-find',
  'evaluate',
  'predict',
  'features',
  'similar',
  'report',
  'inspect',
  'import',
  'export',
  'augment',
  'doctor',
  'zoo',
])('the JSON of alexnet %s', (command) => {
  const section = sectionOf(reference, `alexnet ${command}`)

  it('has the fields that the docs name', () => {
    const real = new Set([...keysIn(printed[command]), ...RARE])
    const named = fieldsIn(section)
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((key) => !real.has(key))).toEqual([])
  })

  it('has no field that the docs do not name', () => {
    const code = [...inlineCodeOf(section), ...blocksOf(section).map((block) => block.code)].join(' ')
    const words = new Set(code.match(/\w+/g))
    expect([...new Set(keysIn(printed[command]))].filter((key) => !words.has(key))).toEqual([])
  })
})

describe('the files of a run', () => {
  const section = sectionOf(reference, 'Files of a run')

  it('are those that the docs list', async () => {
    const listed = rowsOf(section.split('Lines of')[0]).flatMap(([first]) => inlineCodeOf(first))
    const files = [...(await readdir(join(folder, 'run'))), ...(await readdir(join(folder, 'tested')))]
    const there = files.map((name) => name.replace(/(tfevents)\..*/, '$1.…'))
    expect(there.filter((name) => !listed.includes(name))).toEqual([])
    // There while it trains.
    expect(listed.filter((name) => !there.includes(name) && !/^(live|lock)/.test(name))).toEqual([])
  })

  it.each(['metrics.jsonl', 'timing.jsonl', 'pictures.jsonl'])(
    '%s has lines of the fields that the docs name',
    async (name) => {
      const lines = (await readFile(join(folder, 'run', name), 'utf8')).trimEnd().split('\n')
      const keys = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))))
      const words = new Set(inlineCodeOf(section).flatMap((code) => code.match(/\w+/g) ?? []))
      expect([...keys].filter((key) => !words.has(key))).toEqual([])
    },
  )
})

it.each(['--version', '--help', 'inspect', 'inspect alexnet', 'inspect 80sec --program', 'doctor'])(
  'alexnet %s has something to say, and no complaint',
  async (line) => {
    const { code, stdout, stderr } = await alexnet(...line.split(' '))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toBe('')
  },
)
