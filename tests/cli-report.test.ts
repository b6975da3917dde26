import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeNpy } from '../src/formats/npy.js'
import { alexnet } from './support/cli.js'
import { tinyFolder, tinyPicture } from './support/tiny-pictures.js'

const SCRIPT = '<script>alert(1)<script>'
const QUOTE = `"><img src=x onerror='alert(2)'>`
const compute = ['--threads', '1', '--engine', 'onnx'] as const

let folder: string
let pictures: string
let run: string
/** What training has printed, and the report that it has written. */
let trained: { stdout: string; html: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-report-'))
  pictures = join(folder, 'pictures')
  run = join(folder, 'run')
  await tinyFolder(pictures, { [SCRIPT]: [150, 20, 20], [QUOTE]: [20, 20, 150], 'Ζώα & co': [20, 150, 20] }, 8)
  await writeFile(join(pictures, SCRIPT, 'broken.jpg'), 'this is no picture')
  await writeFile(
    join(folder, 'recipe.yaml'),
    `model: { name: alexnet-cifar, width: 0.0625, dropout: 0 }
data: { name: pictures, size: 16, validation: 12 }
training: { epochs: 2, batchSize: 4 }
optimizer: { rate: 0.01 }
`,
  )
  const recipe = join(folder, 'recipe.yaml')
  const { code, stdout, stderr } = await alexnet('train', pictures, '--recipe', recipe, ...compute, '--out', run)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  trained = { stdout, html: await readFile(join(run, 'report.html'), 'utf8') }
}, 300_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the report of a run', { timeout: 300_000 }, () => {
  it('is named at the end of training, with its size', () => {
    expect(trained.stdout).toContain(`Report: ${join(run, 'report.html')} (`)
  })

  it('has all its sections', () => {
    const { document } = parseHTML(trained.html)
    const titles = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent)
    expect(titles).toEqual([
      'Learning curves',
      'Most confident mistakes',
      'Confusions',
      'Recall of each class',
      'Filters of the first layer',
      'Network',
      'Pictures',
      'Machine and time',
      'Settings',
    ])
    expect(document.querySelectorAll('svg[role=img][aria-label]')).toHaveLength(3)
    expect(document.querySelector('pre')?.textContent).toContain('name: alexnet-cifar')
    expect(document.body.textContent).toContain('onnx, float32, 1 thread')
    expect(document.body.textContent).toMatch(/broken\.jpg: /)
  })

  it('has numbers that agree with each other', () => {
    const { document } = parseHTML(trained.html)
    const matrix = [...document.querySelectorAll('.matrix tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map(({ textContent }) => Number(textContent)),
    )
    const all = matrix.flat().reduce((a, b) => a + b, 0)
    const correct = matrix.reduce((sum, row, i) => sum + row[i], 0)
    expect(all).toBe(12)
    const accuracy = document.querySelector('.facts strong')?.textContent
    expect(accuracy).toBe(`${((100 * correct) / all).toFixed(2)} %`)
    expect(document.querySelectorAll('.pictures li')).toHaveLength(all - correct)
  })

  it('shows names of classes and files as they are, and runs nothing of them', () => {
    const { document } = parseHTML(trained.html)
    expect(document.querySelectorAll('script, iframe, object, embed, link')).toHaveLength(0)
    for (const image of document.querySelectorAll('img')) {
      expect(image.getAttribute('src')).toMatch(/^data:image\/(png|webp);base64,/)
      expect(image.getAttribute('alt')).not.toBe('')
      expect([...image.attributes].map(({ name }) => name)).not.toContain('onerror')
    }
    const rows = [...document.querySelectorAll('.classes tbody th')].map(({ textContent }) => textContent)
    expect(rows.sort()).toEqual([QUOTE, SCRIPT, 'Ζώα & co'].sort())
  })

  it('asks for nothing from anywhere', () => {
    expect(trained.html).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`)
    // Pictures aside, no address stands in the page, and no style loads one.
    const rest = trained.html.replace(/data:image\/[a-z]+;base64,[A-Za-z0-9+/=]+/g, '')
    expect(rest).not.toMatch(/https?:|url\(|@import|src="(?!")[^"]/)
    expect(rest.match(/href="[^"]*"/g)?.every((href) => href.startsWith('href="#'))).toBe(true)
  })

  it('is written again by alexnet report, byte for byte, and elsewhere only where nothing is', async () => {
    const out = join(folder, 'again.html')
    const { code, stdout } = await alexnet('report', run, ...compute, '--out', out, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ file: out, bytes: Buffer.byteLength(trained.html) })
    expect(await readFile(out, 'utf8')).toBe(trained.html)
    const refused = await alexnet('report', run, ...compute, '--out', out)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toBe(`alexnet: ${out} is there already\nChoose another --out, or give --force.\n`)
  })

  it('is not written with --no-report, and never costs the run', async () => {
    const quiet = join(folder, 'quiet')
    const recipe = join(folder, 'recipe.yaml')
    const without = await alexnet('train', pictures, '--recipe', recipe, ...compute, '--out', quiet, '--no-report')
    expect(without.code).toBe(0)
    expect(await readdir(quiet)).not.toContain('report.html')
    // Where it cannot be written, that is a warning.
    await mkdir(join(quiet, 'report.html'))
    const { code, stdout } = await alexnet('train', '--resume', quiet, ...compute)
    expect(code).toBe(0)
    expect(stdout).toMatch(/warning: no report is written: cannot write .*report\.html/)
  })
})

describe('alexnet features', { timeout: 300_000 }, () => {
  it('writes the codes as an array of NumPy with the names beside it', async () => {
    const out = join(folder, 'codes.npy')
    const { code, stdout, stderr } = await alexnet('features', run, pictures, ...compute, '--out', out, '--json')
    expect(stderr).toMatch(/1 file is left out:\n.*broken\.jpg/)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ out, layer: 'classifier.5', size: 64, pictures: 24 },
      skipped: [{ name: join(pictures, SCRIPT, 'broken.jpg') }],
    })
    const codes = decodeNpy(await readFile(out), out)
    expect(codes.shape).toEqual([24, 64])
    expect(codes.data.every((value) => value >= 0)).toBe(true)
    const { files } = JSON.parse(await readFile(join(folder, 'codes.files.json'), 'utf8'))
    expect(files).toHaveLength(24)
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])

    // The same numbers as CSV, of one picture alone and of another size of batch.
    const csv = join(folder, 'one.csv')
    expect((await alexnet('features', run, files[5], ...compute, '--out', csv)).code).toBe(0)
    const [header, row] = (await readFile(csv, 'utf8')).split('\n')
    expect(header).toBe(`file,${Array.from({ length: 64 }, (_, i) => i).join(',')}`)
    const values = row.split(',').slice(-64).map(Number)
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(codes.data[5 * 64 + i], 4)
    })
  })

  it.each([
    [['--layer', 'classifer.5'], 1, /has no layer 'classifer\.5'\nDid you mean 'classifier\.5'\?/],
    [['--out', 'FOLDER/recipe.yaml'], 2, /expected a name that ends in \.npy or \.csv/],
    [['--out', 'FOLDER/there.csv'], 1, /there\.csv is there already\n.*--force/],
    [['--out', 'FOLDER/nowhere/codes.npy'], 1, /cannot write .*nowhere/],
  ])('%j ends in one line, and leaves nothing behind', async (args, code, message) => {
    await writeFile(join(folder, 'there.csv'), 'mine')
    const one = join(pictures, SCRIPT, '0.png')
    const finished = await alexnet(
      ...['features', run, one, ...compute],
      ...args.map((arg) => arg.replace('FOLDER', folder)),
    )
    expect(finished.stderr).toMatch(message)
    expect(finished.code).toBe(code)
    expect(await readFile(join(folder, 'there.csv'), 'utf8')).toBe('mine')
  })
})

describe('alexnet similar', { timeout: 300_000 }, () => {
  it('finds the pictures of the same colour, and draws them', async () => {
    const query = join(folder, 'query.png')
    await tinyPicture(query, [20, 150, 20], 77)
    const sheet = join(folder, 'sheet.png')
    const ask = ['similar', run, query, pictures, ...compute, '--top', '5', '--out', sheet, '--json']
    const { code, stdout } = await alexnet(...ask)
    expect(code).toBe(0)
    const { nearest, compared, skipped } = JSON.parse(stdout)
    expect(compared).toBe(24)
    expect(skipped).toHaveLength(1)
    expect(nearest).toHaveLength(5)
    for (const { file } of nearest) expect(file).toContain('Ζώα & co')
    const distances = nearest.map(({ distance }: { distance: number }) => distance)
    expect(distances).toEqual([...distances].sort((a, b) => a - b))
    expect((await stat(sheet)).size).toBeGreaterThan(500)
  })

  it('leaves out the picture itself, and takes codes that were written before', async () => {
    const codes = join(folder, 'index.npy')
    const own = join(pictures, 'Ζώα & co')
    await alexnet('features', run, own, ...compute, '--out', codes)
    const query = join(own, '3.png')
    const { stdout } = await alexnet('similar', run, query, codes, ...compute, '--top', '20', '--json')
    const { nearest, compared } = JSON.parse(stdout)
    expect(compared).toBe(7)
    expect(nearest).toHaveLength(7)
    expect(nearest.map(({ file }: { file: string }) => file)).not.toContain(query)

    const names = join(folder, 'index.files.json')
    await writeFile(names, (await readFile(names, 'utf8')).replace(/"parameters":"[^"]*"/, '"parameters":"other"'))
    const refused = await alexnet('similar', run, query, codes, ...compute)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/index\.npy holds codes of another network\nWrite them again/)
  })

  it('says so when the picture cannot be read', async () => {
    const broken = join(pictures, SCRIPT, 'broken.jpg')
    const { code, stderr } = await alexnet('similar', run, broken, pictures, ...compute)
    expect(code).toBe(1)
    expect(stderr).toMatch(/broken\.jpg: /)
  })
})
