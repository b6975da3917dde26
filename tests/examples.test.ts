import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toInterleaved } from '../src/data/image.js'
import { memoryReader } from '../src/data/pictures.js'
import { shapes } from '../src/data/shapes.js'
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

  it('classify says what is wrong in a line and a hint', async () => {
    await expect(example('classify', join(folder, 'nowhere'), 'a.png')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^there is no run at .*nowhere\n.*\.safetensors file\.\n$/),
    })
  })
})

it("the README's TypeScript compiles", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code)
  expect(blocks.length).toBeGreaterThan(0)
  // Below dist/, where 'alexnet' is this package itself, and which git ignores.
  const place = await mkdtemp(join(root, 'dist', 'readme-'))
  try {
    for (const [i, code] of blocks.entries()) await writeFile(join(place, `block${i + 1}.ts`), `${code}export {}\n`)
    const settings = {
      extends: '../../tsconfig.json',
      compilerOptions: { noUnusedLocals: false },
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
