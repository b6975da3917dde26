import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toInterleaved } from '../src/data/image.js'
import { memoryReader } from '../src/data/pictures.js'
import { shapes } from '../src/data/shapes.js'
import { loadOnnxRuntime } from '../src/engines/node/load-onnx-runtime.js'
import { alexnet } from './support/cli.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)
const example = (name: string, ...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', `examples/${name}.ts`, ...args], { cwd: root })

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-examples-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the examples', () => {
  it('train-shapes learns: 600 steps take a small net from 10 % to more than 80 % on new pictures', async () => {
    const { stdout } = await example('train-shapes', '600')
    const [, accuracy] = /test: accuracy (\d+\.\d\d) %/.exec(stdout) ?? []
    expect(Number(accuracy)).toBeGreaterThan(80)
  })

  it('classify agrees with `alexnet predict`', async () => {
    const trained = join(folder, 'run')
    const settings = ['--width', '0.0625', '--batch-size', '128', '--epochs', '1', '--threads', '1']
    expect((await alexnet('train', ...settings, '--out', trained)).code).toBe(0)

    const { test } = shapes({ seed: 2, train: 0, test: 2 })
    const files = [join(folder, 'first.png'), join(folder, 'second.png')]
    const pictureAt = memoryReader(test.pictures, test.name)
    for (const [n, file] of files.entries()) {
      await sharp(toInterleaved(pictureAt(n)), { raw: { width: 32, height: 32, channels: 3 } })
        .png()
        .toFile(file)
    }
    const predicted = JSON.parse((await alexnet('predict', trained, ...files, '--top', '1', '--json')).stdout)
    const lines = predicted.map(
      ({ file, top: [{ label, probability }] }: { file: string; top: { label: string; probability: number }[] }) =>
        `${file}: ${label} (${(100 * probability).toFixed(1)} %)\n`,
    )
    expect((await example('classify', trained, ...files)).stdout).toBe(lines.join(''))
  })

  it('zoo answers by a network that comes along', async () => {
    const file = join(folder, 'grey.png')
    await sharp({ create: { width: 20, height: 20, channels: 3, background: '#777' } }).toFile(file)
    expect((await example('zoo', 'cifar10', file)).stdout).toMatch(
      /^cifar10 knows airplane, .*truck.*\n.*grey\.png: \w+ \(/,
    )
  })

  it('own-run trains a network and pictures of its own, goes on with them, and writes a report', async () => {
    const out = join(folder, 'own')
    expect((await example('own-run', out, '1')).stdout).toContain(`${out}: `)
    expect((await example('own-run', out, '3')).stdout).toMatch(/: (9\d|100)\.\d % of the test pictures/)
    const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n')
    expect(lines.filter((line) => JSON.parse(line).kind === 'epoch')).toHaveLength(3)
    const file = join(folder, 'cross.png')
    await sharp({ create: { width: 16, height: 16, channels: 3, background: '#444' } })
      .png()
      .toFile(file)
    expect((await alexnet('predict', out, file)).stdout).toMatch(/cross .*frame|frame .*cross/s)
    expect((await alexnet('evaluate', out)).stderr).toContain('were given by a program')
  })

  it('own-onnx writes tensors as ONNX in at most 15 lines, which ONNX Runtime computes with', async () => {
    expect((await readFile(join(root, 'examples/own-onnx.ts'), 'utf8')).trimEnd().split('\n').length).toBeLessThan(16)
    const file = join(folder, 'own.onnx')
    await example('own-onnx', file)
    const { InferenceSession, Tensor } = await loadOnnxRuntime()
    const session = await InferenceSession.create(file)
    const images = new Tensor('float32', new Float32Array(3 * 4 * 4).fill(1), [1, 3, 4, 4])
    const logits = (await session.run({ images })).logits.data as Float32Array
    await session.release()
    // Each of 2×2 places: 27 weights of 0.1 and a bias, above 0; eight of them by 0.5, and a bias.
    const seen = 4 * 0.5 * (2.7 + 1.7)
    expect(logits[0]).toBeCloseTo(seen, 5)
    expect(logits[1]).toBeCloseTo(seen + 1, 5)
  })

  it('classify says what is wrong in a line and a hint', async () => {
    await expect(example('classify', join(folder, 'nowhere'), 'a.png')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^there is no run at .*nowhere\n.*\.safetensors file, .*\n$/),
    })
  })
})

/** What the snippets of a page of the docs leave to their reader. */
const readersOwn = `
declare const yaml: string
declare const file: File
declare const imageData: ImageData
declare function draw(...values: number[]): void
declare function show(accuracy: number): void
`

it('the examples and all TypeScript of README and docs compile under the strictest settings', async () => {
  // Below dist/, where 'alexnet' is this package itself, and which git ignores.
  const place = await mkdtemp(join(root, 'dist', 'snippets-'))
  try {
    const docs = await readdir(join(root, 'docs'))
    const pages = ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]
    let snippets = 0
    for (const page of pages) {
      const text = await readFile(join(root, page), 'utf8')
      for (const [, code] of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm))
        await writeFile(join(place, `${basename(page, '.md')}-${++snippets}.ts`), `${code}export {}\n`)
    }
    expect(snippets).toBeGreaterThan(4)
    for (const name of await readdir(join(root, 'examples')))
      await copyFile(join(root, 'examples', name), join(place, name))
    await writeFile(join(place, 'readers-own.d.ts'), readersOwn)
    const settings = {
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
      include: ['*.ts'],
      exclude: [],
    }
    await writeFile(join(place, 'tsconfig.json'), JSON.stringify(settings))
    const { stdout } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', place], {
      cwd: root,
    }).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  } finally {
    await rm(place, { recursive: true, force: true })
  }
})
