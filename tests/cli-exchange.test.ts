import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alexnetIn, type Finished } from './support/cli.js'

const golden = (name: string) => fileURLToPath(new URL(`golden/formats/${name}`, import.meta.url))
let folder: string
const run = (...args: string[]): Promise<Finished> => alexnetIn({ cwd: folder }, ...args)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-exchange-'))
  await writeFile(join(folder, 'labels.txt'), 'a\nb\nc\nd\ne\nf\ngröße 7\n')
  await writeFile(join(folder, 'six.txt'), 'a\nb\nc\nd\ne\nf\n')
  const noise = { type: 'gaussian', mean: 120, sigma: 60 } as const
  await sharp({ create: { width: 90, height: 80, channels: 3, background: 'white', noise } })
    .png()
    .toFile(join(folder, 'a picture.png'))
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a network that goes in and out', () => {
  it('imports, predicts, exports and imports again', async () => {
    const file = golden('zip.pth')
    const imported = await run('import', file, '--image-size', '63', '--labels', 'labels.txt', '--out', 'net', '--json')
    expect(imported.stderr).toBe('')
    expect(JSON.parse(imported.stdout)).toMatchObject({ run: 'net', model: 'alexnet', classes: 7 })
    expect((await readdir(join(folder, 'net'))).sort()).toEqual(['last.safetensors', 'recipe.yaml'])

    const predict = ['a picture.png', '--top', '1000', '--json', '--engine', 'onnx', '--threads', '1']
    const first = await run('predict', 'net', ...predict)
    expect(first.stderr).toBe('')
    const [{ top }] = JSON.parse(first.stdout) as [{ top: { label: string; index: number; probability: number }[] }]
    expect(top.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(top.find(({ index }) => index === 6)?.label).toBe('größe 7')
    expect(top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5)

    const exported = await run('export', 'net')
    expect(exported.stdout).toContain('Written: net.onnx')
    expect((await run('export', 'net', '--out', 'net.safetensors')).code).toBe(0)
    for (const [name, out] of [
      ['net.onnx', 'from-onnx'],
      ['net.safetensors', 'from-safetensors'],
    ]) {
      expect((await run('import', name, '--out', out)).stdout).not.toContain('note') // The file says all.
      expect((await run('predict', out, ...predict)).stdout).toBe(first.stdout)
    }
  }, 300_000)

  it('is the newest run, by the name `last`', async () => {
    const missing = await run('predict', 'last', 'a picture.png')
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("'last' is the newest run in runs/") })
    for (const args of [['--resume'], ['--resume', 'last', '--json'], ['--weights', 'last']])
      expect((await run('train', ...args)).stderr).toBe(missing.stderr)
    expect((await run('import', 'net.onnx', '--out', 'runs/newest')).code).toBe(0)
    const [byName, byPath] = [await run('inspect', 'last'), await run('inspect', 'runs/newest')]
    expect(byName).toEqual(byPath)
    expect((await run('export', 'last')).stdout).toContain('Written: newest.onnx')
  })

  it('overwrites neither a file nor a run', async () => {
    const before = await readFile(join(folder, 'net.onnx'))
    const refused = await run('export', 'net')
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/^alexnet: net\.onnx is there already\nGive another --out, or --force/)
    expect(await readFile(join(folder, 'net.onnx'))).toEqual(before)
    expect((await run('export', 'net', '--force', '--preprocess')).code).toBe(0)
    expect(await readFile(join(folder, 'net.onnx'))).not.toEqual(before)
    const again = await run('import', golden('zip.pth'), '--image-size', '63', '--out', 'net')
    expect(again.code).toBe(1)
    expect(again.stderr).toMatch(/^alexnet: net holds a run already/)
  }, 180_000)
})

describe('torchvision', () => {
  it('is downloaded, or it is said how else to get it', async () => {
    const server = createServer((_, response) => response.writeHead(404).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.pth`
    const env = { ALEXNET_TORCHVISION_URL: url, ALEXNET_DATA_DIR: join(folder, 'data') }
    for (const args of [
      ['import', 'torchvision'],
      ['train', '--weights', 'torchvision'],
    ]) {
      const { code, stderr } = await alexnetIn({ cwd: folder, env }, ...args)
      expect(stderr).toMatch(
        /^alexnet: http:.*weights\.pth: the server answered 404, expected 200\n.*alexnet import alexnet-owt/,
      )
      expect(code).toBe(1)
    }
    const dry = await alexnetIn({ cwd: folder, env }, 'train', '--weights', 'torchvision', '--dry-run')
    expect(dry.stderr).toMatch(/^alexnet: torchvision's weights are not there yet.*a dry run writes nothing/)
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('a file that is refused ends in one line and leaves nothing behind', () => {
  it.each<[file: string, message: RegExp]>([
    ['system.pth', /system\.pth: PyTorch file: it names "posix\.system".*nothing was run/],
    ['system-legacy.pth', /it names "posix\.system"/],
    ['bomb.pth', /zip entry "archive\/data\.pkl" is compressed/],
    ['overlap.safetensors', /"b": expected a start at 8, got 4 \(it overlaps another\)/],
    ['beyond.safetensors', /"b": expected offsets within 12 bytes, got 8 to 16/],
    ['header.safetensors', /header: expected at most 2 bytes, got 2147483648/],
    ['missing.onnx', /\(Conv\): its weight "features\.3\.weight" is missing from the file/],
  ])('%s', async (file, message) => {
    const { code, stdout, stderr } = await run('import', golden(file), '--out', 'refused')
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at |this is a bug/)
    expect(stderr).toMatch(/^alexnet: [^\n]*\n([^\n]+\n)?$/)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(existsSync(join(folder, 'refused'))).toBe(false)
  })

  it.each<[args: string[], code: number, message: RegExp]>([
    [['import', 'nowhere.pth'], 1, /cannot read nowhere\.pth: ENOENT/],
    [['import', '.'], 1, /cannot read \.: EISDIR/],
    [['import', 'a picture.png'], 1, /a picture\.png: this is no file of weights/],
    [
      ['import', 'ZIP', '--image-size', '63', '--labels', 'six.txt', '--out', 'refused'],
      1,
      /six\.txt: expected .* 7 .*got 6/,
    ],
    [['import', 'ZIP', '--out', 'refused'], 1, /classifier\.1\.weight is 12×5, expected 12×180.*\n.*--image-size/],
    [['import', 'ZIP', '--deviation', '1,1,1'], 2, /--deviation needs --mean/],
    [['import', 'ZIP', '--mean', '1,2'], 2, /Expected three numbers/],
    [['export', 'nowhere'], 1, /there is no run at nowhere/],
    [['export', 'nowhere', '--format', 'tensorflow'], 2, /Allowed choices are onnx, safetensors/],
    [
      ['export', 'net', '--out', 'x.tflite'],
      2,
      /x\.tflite: expected a name that ends in \.onnx or \.safetensors or \.csv\n/,
    ],
    [['export', 'net', '--format', 'onnx', '--out', 'x.safetensors'], 2, /ends in \.onnx\n/],
    [['report', 'net', '--out', 'r.pdf'], 2, /r\.pdf: expected a name that ends in \.html or \.htm\n.*prints as PDF/],
    [['import', 'net/last.safetensors', '--out', 'net.onnx'], 2, /the name of a folder/],
    [['export', 'net', '--out', 'x.safetensors', '--preprocess'], 2, /--preprocess goes with ONNX only/],
    [['export', 'net', '--out', 'no/where/x.onnx'], 1, /cannot write no\/where\/x\.onnx/],
  ])('%j', async (args, code, message) => {
    const finished = await run(...args.map((arg) => (arg === 'ZIP' ? golden('zip.pth') : arg)))
    expect(finished.stderr).toMatch(message)
    expect(finished.stderr).not.toMatch(/\n\s+at |this is a bug/)
    expect(finished.code).toBe(code)
    expect(existsSync(join(folder, 'refused'))).toBe(false)
  })
})
