import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodeCheckpoint } from '../src/runs/checkpoint.js'
import { start } from './support/cli.js'
import { tinyCheckpoint } from './support/tiny-checkpoint.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-start-'))
})
afterAll(() => rm(folder, { recursive: true }))

const asModule = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`

/** Writes the address of each module that is loaded to the file LOADED. */
const hooks = asModule(`
  import { appendFileSync } from 'node:fs'
  export function load(url, context, next) {
    appendFileSync(process.env.LOADED, url + '\\n')
    return next(url, context)
  }`)
const register = asModule(`import { register } from 'node:module'; register(${JSON.stringify(hooks)})`)

/** What a command line loads: how many modules of this package, and which packages. */
async function loaded(name: string, args: readonly string[]) {
  const list = join(folder, name)
  const env = { LOADED: list, NODE_OPTIONS: `--import=${register}` }
  const { code, stderr } = await start(args, { env }).finished
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const modules = (await readFile(list, 'utf8')).trim().split('\n')
  const packages = modules.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  return { own: modules.filter((url) => /\/dist\/(?!.*node_modules)/.test(url)).length, packages: new Set(packages) }
}

/** What every command line is read and answered with. */
const always = ['commander', 'picocolors']

it.each([
  [['--version'], 20, always],
  [['--help'], 20, always],
  [['predict', '--help'], 40, [...always, 'leven']],
  [['evaluate', '--help'], 40, [...always, 'leven']],
  [['serve', '--help'], 40, [...always, 'leven']],
])('%j loads no more than it shows', async (args, most, packages) => {
  const { own, packages: found } = await loaded(args.join(''), args)
  expect([...found].sort()).toEqual(packages.toSorted())
  expect(own).toBeGreaterThan(5)
  expect(own).toBeLessThan(most)
})

it('a prediction loads the engine that it asks for, and no other', async () => {
  const [run, picture] = [join(folder, 'tiny.safetensors'), join(folder, 'gray.png')]
  await writeFile(run, encodeCheckpoint(tinyCheckpoint()))
  await sharp({ create: { width: 32, height: 32, channels: 3, background: 'gray' } }).toFile(picture)
  const { packages } = await loaded('predict', ['predict', run, picture, '--engine', 'reference'])
  expect(packages).toContain('sharp')
  for (const other of ['onnxruntime-common', '@bufbuild/protobuf', 'csv-parse', 'yaml', 'tar'])
    expect(packages).not.toContain(other)
})
