import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hasOneDnn, newOneDnn, oneDnnLibrary } from '../../../tests/support/engines.js'
import { greyData } from '../../../tests/support/grey-pictures.js'
import type { KernelChoices } from '../../engines/engine.js'
import { defineModel } from '../../models/define-model.js'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { runTraining } from './run-training.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-kernels-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const data = greyData(64, 32)
const model = defineModel({
  name: 'own',
  inputShape: [3, 8, 8],
  features: [{ kind: 'conv2d', filters: 16, kernel: 3, padding: 1 }, { kind: 'relu' }],
  classifier: [{ kind: 'linear', outputs: 96 }, { kind: 'relu' }, { kind: 'linear', outputs: 2 }],
})

/** Trains on with an engine that has just been started, and remembers what its folder says. */
async function trainTo(epochs: number, out: string, resume?: string) {
  const engine = newOneDnn({ ALEXNET_TUNE: 'on', ALEXNET_DATA_DIR: folder })
  const computing = { engine: { engine, reason: 'test' }, workers: 0, threads: 1 }
  const recipe = { training: { epochs, batchSize: 32 }, optimizer: { rate: 0.01 } }
  await runTraining(resume ? { resume, data, recipe, ...computing } : { model, data, recipe, out, ...computing })
  return readCheckpoint(join(out, 'last.safetensors'))
}

/** Kernels that exist here as well. */
function others(choices: KernelChoices): KernelChoices {
  return Object.fromEntries(
    Object.entries(choices).map(([key, name]) => [
      key,
      name.includes('brg') ? 'gemm:jit, plain weights' : 'brg:avx512_core, plain weights',
    ]),
  )
}

it.skipIf(!hasOneDnn)(
  'a resumed run computes by the kernels that it began with, whatever was learnt since',
  async () => {
    const out = join(folder, 'run')
    const whole = await trainTo(3, join(folder, 'whole'))
    // With fewer instructions oneDNN has one kernel for each product.
    if (oneDnnLibrary?.instructionSet.startsWith('avx512')) expect(whole.choices).not.toEqual({})
    const begun = await trainTo(1, out)
    const file = join(folder, 'onednn-kernels.json')
    const { format, machines } = JSON.parse(await readFile(file, 'utf8'))
    const turned = Object.fromEntries(
      Object.entries<KernelChoices>(machines).map(([machine, choices]) => [machine, others(choices)]),
    )
    await writeFile(file, JSON.stringify({ format, machines: turned }))
    const resumed = await trainTo(3, out, out)
    expect(resumed.choices).toEqual(begun.choices)
    expect(resumed.state).toEqual(whole.state)
  },
)
