import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { alexnet, start } from './support/cli.js'
import { tinyFolder } from './support/tiny-pictures.js'

const recipe = `
model: { name: alexnet-cifar, width: 0.0625 }
data: { name: pictures, size: 16, validation: 60 }
training: { epochs: 2, batchSize: 12, seed: 5 }
optimizer: { rate: 0.01 }
`

const quick = ['--threads', '1', '--engine', 'onnx', '--no-report']

let folder: string
let pictures: string
/** The arguments of a sweep of four runs. */
let sweep: readonly string[]
/** One that nothing has stopped. */
let whole: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-sweep-'))
  pictures = join(folder, 'pictures')
  await tinyFolder(pictures, { red: [150, 20, 20], green: [20, 150, 20], blue: [20, 20, 150] }, 80)
  await writeFile(join(folder, 'tiny.yaml'), recipe)
  const lists = ['--set', 'optimizer.rate=0.01,0.02', '--set', 'training.seed=1..2']
  sweep = ['sweep', pictures, '--recipe', join(folder, 'tiny.yaml'), ...lists, ...quick]
  whole = join(folder, 'whole')
  const { code, stderr } = await alexnet(...sweep, '--out', whole)
  expect(stderr).toBe('')
  expect(code).toBe(0)
}, 240_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const names = ['1-rate=0.01-seed=1', '2-rate=0.01-seed=2', '3-rate=0.02-seed=1', '4-rate=0.02-seed=2']
const metricsOf = (path: string) =>
  Promise.all(names.map((name) => readFile(join(path, name, 'metrics.jsonl'), 'utf8')))

it('trains every combination in a folder of its own, as alexnet train would', async () => {
  const entries = ['recipes', 'results.jsonl', 'sweep.html', 'sweep.json']
  expect((await readdir(whole)).sort()).toEqual([...names, ...entries].sort())
  const alone = join(folder, 'alone')
  const single = ['--set', 'optimizer.rate=0.02', '--seed', '1', ...quick]
  await alexnet('train', pictures, '--recipe', join(folder, 'tiny.yaml'), ...single, '--out', alone)
  expect(await readFile(join(alone, 'metrics.jsonl'), 'utf8')).toBe((await metricsOf(whole))[2])
})

it('says which is the best, for people, as a page and as JSON', async () => {
  const { stdout } = await alexnet('sweep', '--resume', whole)
  expect(stdout).toContain('4 of 4 are done')
  expect(stdout).not.toContain('run 1 of 4')
  expect(stdout).toMatch(/rate +seed +validation accuracy/)
  expect(stdout).toMatch(/seeds +validation accuracy/)
  const { runs, groups, page } = JSON.parse((await alexnet('sweep', '--resume', whole, '--json')).stdout)
  expect(runs).toHaveLength(4)
  const accuracies = runs.map(({ validation }: { validation: { top1: number } }) => validation.top1)
  expect(accuracies).toEqual(accuracies.toSorted((a: number, b: number) => b - a))
  expect(groups).toHaveLength(2)
  expect(groups[0]).toMatchObject({ runs: 2, accuracy: { deviation: expect.any(Number) } })
  const html = await readFile(page, 'utf8')
  for (const name of names) expect(html).toContain(name)
  expect(html.match(/<svg/g)).toHaveLength(2)
  expect(html).not.toContain('report.html')
})

it('goes on after kill -9 with the run that was under way, and repeats none', async () => {
  const killed = join(folder, 'killed')
  const { child, shown, finished } = start([...sweep, '--out', killed])
  await shown('run 2 of 4')
  while (!existsSync(join(killed, names[1], 'last.safetensors'))) await new Promise((go) => setTimeout(go, 5))
  child.kill('SIGKILL')
  await finished
  const first = await readFile(join(killed, names[0], 'timing.jsonl'), 'utf8')
  // What a crash may leave besides: half a line.
  await writeFile(join(killed, 'results.jsonl'), '{"name":"2-ra', { flag: 'a' })

  const { code, stdout } = await alexnet('sweep', '--resume', killed)
  expect(code).toBe(0)
  expect(stdout).toContain('1 of 4 are done')
  expect(stdout).not.toContain('run 1 of 4')
  expect(await readFile(join(killed, names[0], 'timing.jsonl'), 'utf8')).toBe(first)
  expect(await metricsOf(killed)).toEqual(await metricsOf(whole))
})

it('notes what diverges, and goes on', async () => {
  const out = join(folder, 'diverging')
  const settings = ['--recipe', join(folder, 'tiny.yaml'), ...quick, '--epochs', '1']
  const { code, stdout } = await alexnet(
    ...['sweep', pictures, ...settings, '--set', 'optimizer.rate=1e30,0.01', '--out', out, '--json'],
  )
  expect(code).toBe(0)
  const { runs } = JSON.parse(stdout)
  expect(runs.map(({ settings }: { settings: object }) => settings)).toEqual([
    { 'optimizer.rate': 0.01 },
    { 'optimizer.rate': 1e30 },
  ])
  expect(runs[1].failed).toMatchObject({ code: 'diverged', message: expect.stringContaining('diverged') })
  const again = await alexnet('sweep', '--resume', out)
  expect(again.stdout).toContain('2 of 2 are done')
  expect(again.stdout).toContain('failed  1-rate=1e+30')
})

it('lists with --dry-run what would be trained, and writes nothing', async () => {
  const out = join(folder, 'none')
  const { code, stdout } = await alexnet(...sweep, '--out', out, '--dry-run')
  expect(code).toBe(0)
  expect(stdout).toContain('for all, one after the other. Nothing was written.')
  expect(stdout.match(/about /g)).toHaveLength(4)
  expect(existsSync(out)).toBe(false)
})

it.each([
  [['shapes'], 'none is given a list', 2],
  [['shapes', '--set', 'training.seed=1..2', '--seed', '3'], 'training.seed is given twice', 2],
  [['shapes', '--set', 'model.name=alexnet,unknown'], "there is no model 'unknown'", 1],
  [['--resume', 'nowhere'], 'nowhere holds no sweep', 1],
  [['--resume', 'nowhere', '--lr', '1'], '--lr cannot be given', 2],
  [['--resume', 'nowhere', '--threads', '2'], '--threads cannot be given', 2],
  [['shapes', '--set', 'training.seed=1..40', '--set', 'training.epochs=1..40'], 'make 1600 trainings', 2],
])('sweep %j is refused', async (args, message, code) => {
  expect(await alexnet('sweep', ...args)).toMatchObject({ code, stderr: expect.stringContaining(message) })
})
