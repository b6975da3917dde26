import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { defineModel } from '../dist/index.js'
import { readCheckpoint, runTraining, selectEngine } from '../dist/node.js'
import { hasOneDnn } from './support/engines.js'
import { greyData } from './support/grey-pictures.js'

let folder: string
const before = { ...process.env }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-auto-'))
  Object.assign(process.env, { ALEXNET_TUNE: 'on', ALEXNET_DATA_DIR: folder })
})
afterAll(async () => {
  for (const name of ['ALEXNET_TUNE', 'ALEXNET_DATA_DIR'])
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  await rm(folder, { recursive: true, force: true })
})

const data = greyData(64, 32)
const model = defineModel({
  name: 'own',
  inputShape: [3, 8, 8],
  features: [{ kind: 'conv2d', filters: 16, kernel: 3, padding: 1 }, { kind: 'relu' }],
  classifier: [{ kind: 'linear', outputs: 2 }],
})

/** Trains on with what is measured here; returns what it tells of engines. */
async function trainTo(epochs: number, out: string, resume?: string) {
  const compared: string[] = []
  const engine = await selectEngine('auto', 'cpu', { onComparing: ({ name }) => compared.push(name) })
  const recipe = { training: { epochs, batchSize: 32 }, optimizer: { rate: 0.01 } }
  const options = { data, recipe, engine, workers: 0, threads: 1 }
  const summary = await runTraining(resume ? { resume, ...options } : { model, out, ...options })
  return { compared, summary, checkpoint: await readCheckpoint(join(out, 'last.safetensors')) }
}

it.skipIf(!hasOneDnn)('a training by auto compares, remembers, records, and goes on exactly', async () => {
  const whole = await trainTo(2, join(folder, 'whole'))
  expect(whole.compared).toEqual(['own training', 'own inference'])
  const engines = Object.entries(whole.checkpoint.choices!).filter(([key]) => key.startsWith('engine for'))
  expect(engines).toHaveLength(2)
  expect(engines[0][1]).toBe(whole.summary.engine)

  const begun = await trainTo(1, join(folder, 'run'))
  expect(begun.compared).toEqual([])

  // Whatever is remembered by then: here that the other engine is faster.
  const file = join(folder, 'engine-times.json')
  const remembered = JSON.parse(await readFile(file, 'utf8'))
  const machines = Object.values<Record<string, Record<string, { milliseconds: number }>>>(remembered.machines)
  for (const { onednn, onnx } of machines.flatMap((programs) => Object.values(programs))) {
    const { milliseconds } = onednn
    onednn.milliseconds = onnx.milliseconds
    onnx.milliseconds = milliseconds
  }
  await writeFile(file, JSON.stringify(remembered))
  const resumed = await trainTo(2, join(folder, 'run'), join(folder, 'run'))
  expect(resumed.summary.engine).toBe(whole.summary.engine)
  expect(resumed.checkpoint.state).toEqual(whole.checkpoint.state)
})
