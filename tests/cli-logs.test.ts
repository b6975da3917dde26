import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeEvent } from '../src/formats/tensorboard/event.js'
import { readRecords } from '../src/formats/tensorboard/records.js'
import { alexnet, alexnetIn, start } from './support/cli.js'
import { tinyFolder } from './support/tiny-pictures.js'

const recipe = `
model: { name: alexnet-cifar, width: 0.0625 }
data: { name: pictures, size: 16, validation: 60 }
training: { epochs: 4, batchSize: 4, seed: 5 }
optimizer: { rate: 0.01 }
`

let folder: string
let train: readonly string[]
/** A run with all logs, that nothing has stopped. */
let whole: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-logs-'))
  const [pictures, file] = [join(folder, 'pictures'), join(folder, 'tiny.yaml')]
  await tinyFolder(pictures, { red: [150, 20, 20], green: [20, 150, 20], blue: [20, 20, 150] }, 80)
  await writeFile(file, recipe)
  train = ['train', pictures, '--recipe', file, '--threads', '1', '--no-report']
  whole = join(folder, 'whole')
  const { code, stderr } = await alexnet(...train, '--tensorboard', '--csv', '--out', whole)
  expect(stderr).toBe('')
  expect(code).toBe(0)
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const tableOf = async (run: string) =>
  (await readFile(join(run, 'metrics.csv'), 'utf8')).split('\n').map((line) => line.split(',').slice(0, 9))

/** All numbers in a folder of events, in the order in which they lie there, but how fast it went. */
async function numbersIn(run: string): Promise<string[]> {
  const files = (await readdir(run)).filter((name) => name.includes('tfevents')).sort()
  const found: string[] = []
  for (const file of files) {
    const bytes = await readFile(join(run, file))
    const records = [...readRecords(bytes)]
    expect(records.at(-1)?.end).toBe(bytes.length)
    for (const { content } of records) {
      const { step, scalars } = decodeEvent(content)
      for (const [tag, value] of Object.entries(scalars))
        if (tag !== 'images_per_second') found.push(`${step} ${tag} ${value}`)
    }
  }
  return found
}

describe('the logs of a run', () => {
  it('tell each point once', async () => {
    const numbers = await numbersIn(whole)
    const places = numbers.map((line) => line.split(' ').slice(0, 2).join(' '))
    expect(new Set(places).size).toBe(places.length)
    expect(places.filter((place) => place.endsWith('loss/validation'))).toEqual(
      [45, 90, 135, 180].map((step) => `${step} loss/validation`),
    )
    // An epoch of 45 steps: a point after every two.
    expect(places.filter((place) => place.endsWith('loss/train'))).toHaveLength(4 * 23)
    expect((await tableOf(whole)).map(([epoch]) => epoch)).toEqual(['epoch', '1', '2', '3', '4', ''])
  })

  it('are the same after kill -9, though the files know of more than the checkpoint', async () => {
    const killed = join(folder, 'killed')
    const epochs = ['--epochs', '4', '--schedule', 'constant']
    const args = [...train, ...epochs, '--tensorboard', '--csv', '--out', killed]
    const { child, shown, finished } = start(args)
    await shown('epoch 1/4  loss')
    const before = (await numbersIn(killed).catch(() => [])).length
    while ((await numbersIn(killed).catch(() => [])).length < before + 8)
      await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await finished
    // What a crash may leave besides: half a record.
    const [file] = (await readdir(killed)).filter((name) => name.includes('tfevents'))
    await writeFile(join(killed, file), Buffer.alloc(30, 7), { flag: 'a' })

    // Nobody needs to say again what is written.
    const { code } = await alexnet('train', '--resume', killed, '--threads', '1', '--no-report')
    expect(code).toBe(0)
    expect(await numbersIn(killed)).toEqual(await numbersIn(whole))
    expect(await tableOf(killed)).toEqual(await tableOf(whole))
  })

  it('lie in a folder of the run’s name where one is given, and begin with what came before they were asked for', async () => {
    const late = join(folder, 'late')
    const logs = join(folder, 'all-logs')
    expect((await alexnet(...train, '--epochs', '2', '--out', late)).code).toBe(0)
    const { code } = await alexnet(
      ...['train', '--resume', late, '--epochs', '4', '--threads', '1', '--no-report'],
      ...['--tensorboard', logs, '--csv'],
    )
    expect(code).toBe(0)
    expect(await readdir(logs)).toEqual(['late'])
    expect(await numbersIn(join(logs, 'late'))).toEqual(await numbersIn(whole))
    expect(await tableOf(late)).toEqual(await tableOf(whole))
    const other = await alexnet(...train, '--tensorboard', logs, '--out', join(folder, 'other', 'late'))
    expect(other.stderr).toContain(`${join(logs, 'late')} holds the events of another run`)
  })

  it('are made of a run that is there', async () => {
    const run = join(folder, 'copy')
    await cp(whole, run, { recursive: true })
    for (const file of await readdir(run))
      if (file.includes('tfevents') || file.endsWith('.csv')) await rm(join(run, file))
    const events = await alexnet('export', run, '--format', 'tensorboard', '--json')
    expect(JSON.parse(events.stdout)).toEqual({ file: run, format: 'tensorboard' })
    expect(await numbersIn(run)).toEqual(await numbersIn(whole))
    const twice = await alexnet('export', run, '--format', 'tensorboard')
    expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })

    const table = await alexnetIn({ cwd: folder }, 'export', 'copy', '--format', 'csv')
    expect(table.stdout).toBe('Written: copy.csv\n')
    expect(await readFile(join(folder, 'copy.csv'), 'utf8')).toBe(await readFile(join(whole, 'metrics.csv'), 'utf8'))
    const none = await alexnet('export', folder, '--format', 'csv')
    expect(none.stderr).toContain('tells of no complete epoch')
    const file = await alexnet('export', join(run, 'best.safetensors'), '--format', 'csv')
    expect(file.stderr).toContain('best.safetensors is a file, expected the folder of a run')
  })

  it('are no place for pictures: the data set stands first', async () => {
    const { code, stderr } = await alexnet('train', '--tensorboard', train[1])
    expect(code).toBe(2)
    expect(stderr).toContain(`Put the data set first: alexnet train ${train[1]} --tensorboard.`)
    expect((await alexnet('train', '--tensorboard', 'cifar10')).stderr).toContain("takes 'cifar10' as the folder")
  })
})
