import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type * as z from 'zod'
import {
  type MetricsLine,
  metricsLineSchema,
  parseLines,
  type TimingLine,
  timingLineSchema,
} from '../src/runs/lines.js'
import { readCheckpoint } from '../src/runs/node/checkpoint-files.js'
import { readLines } from '../src/runs/node/line-files.js'
import { runResponse } from '../src/server/runs/run-answers.js'
import { alexnet } from './support/cli.js'

/**
 * A run of one epoch that version 0.1.0 wrote before optimizers had a kind:
 * `alexnet train --recipe recipe.yaml --engine onnx --threads 2 --no-report`, with the recipe that is there.
 */
const written = fileURLToPath(new URL('golden/earlier-run', import.meta.url))

/** The losses of a second epoch, of a run that never ended in between. */
const second = { training: 2.294402492933037, validation: 2.297197391704775 }

let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-earlier-'))
  path = join(folder, 'earlier-run')
  await cp(written, path, { recursive: true })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it.each<[string, z.ZodType<MetricsLine | TimingLine>]>([
  ['metrics.jsonl', metricsLineSchema],
  ['timing.jsonl', timingLineSchema],
])('every line of an earlier %s is read', async (name, schema) => {
  const lines = (await readFile(join(path, name), 'utf8')).trimEnd().split('\n')
  expect(parseLines(schema, lines.join('\n'))).toEqual(lines.map((line) => JSON.parse(line)))
})

it('a page shows an earlier run', async () => {
  expect(await runResponse({ name: 'earlier', path })).toMatchObject({
    ...{ name: 'earlier', state: 'finished', model: 'alexnet-cifar', data: 'shapes', epochs: 1, epoch: 1 },
    machine: { engine: 'onnx', threads: 2 },
    checkpoints: [{ which: 'best' }, { which: 'last' }],
  })
})

it('an earlier checkpoint opens: the best, since validation pictures have chosen it', async () => {
  const { state, progress } = await readCheckpoint(path)
  expect(progress).toMatchObject({ epoch: 1, step: 121, best: { part: 'validation' } })
  expect(Object.keys(state).filter((name) => name.startsWith('velocity:'))).toEqual([])
})

it('an earlier run goes on as if it had never ended', async () => {
  const before = await readFile(join(path, 'metrics.jsonl'), 'utf8')
  const settings = ['--epochs', '2', '--engine', 'onnx', '--threads', '2', '--no-report']
  expect(await alexnet('train', '--resume', path, ...settings)).toMatchObject({ code: 0 })
  const after = await readFile(join(path, 'metrics.jsonl'), 'utf8')
  expect(after.startsWith(before)).toBe(true)
  const last = (await readLines(join(path, 'metrics.jsonl'), metricsLineSchema)).at(-1)
  // Another processor adds up in another order.
  expect(last).toMatchObject({
    ...{ kind: 'epoch', epoch: 2, step: 242 },
    training: { loss: expect.closeTo(second.training, 3) },
    validation: { loss: expect.closeTo(second.validation, 3) },
  })
}, 120_000)
