import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { computesBfloat16, hasOneDnn, oneDnnLibrary, workerFile } from '../../../../tests/support/engines.js'
import { GraphBuilder } from '../../../graph/builder.js'
import { matmul } from '../../../graph/ops/matmul.js'
import { float32 } from '../../../tensor.js'
import type { KernelChoices } from '../../engine.js'
import { oneDnnEngine } from '../onednn-engine.js'
import { tuningMode } from './tuning-mode.js'

it('knows its modes', () => {
  expect(tuningMode({})).toBe('on')
  expect(tuningMode({ ALEXNET_TUNE: '' })).toBe('on')
  expect(tuningMode({ ALEXNET_TUNE: 'direct' })).toBe('direct')
  expect(() => tuningMode({ ALEXNET_TUNE: 'no' })).toThrow("ALEXNET_TUNE is 'no', expected on, direct, off")
})

/** With fewer instructions oneDNN has one kernel for each product, and nothing is to be chosen. */
const hasChoice = oneDnnLibrary?.instructionSet.startsWith('avx512') ?? false

describe.skipIf(!hasOneDnn)('kernels chosen by measuring', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alexnet-kernels-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  /** Multiplies ones by fixed weights, in an engine that has just been started. */
  async function multiply(tune: string, choices?: KernelChoices) {
    const graph = new GraphBuilder('a product')
    const x = graph.input('x', [16, 64])
    const w = graph.state('w', [32, 64])
    const y = graph.add(matmul, [x, w], { transposeA: false, transposeB: true })
    let measured = 0
    const engine = oneDnnEngine({
      computesBfloat16,
      workerFile,
      environment: { ALEXNET_TUNE: tune, ALEXNET_DATA_DIR: folder },
      onMeasuring: () => measured++,
    })
    const executable = await engine.compile(graph.program({ outputs: { y } }), { threads: 1, choices })
    const weights = Float32Array.from({ length: 32 * 64 }, (_, i) => i % 7)
    await executable.writeState({ w: float32([32, 64], weights) })
    const ones = float32([16, 64], new Float32Array(16 * 64).fill(1))
    const outputs = await executable.run({ x: ones })
    const state = await executable.readState()
    await executable.dispose()
    expect(Array.from(state.w.data)).toEqual(Array.from(weights))
    return { measured, choices: executable.choices, y: Array.from(outputs.y.data) }
  }

  it('are remembered for the next start, and compute the same', async () => {
    const first = await multiply('on')
    expect(first.measured).toBe(hasChoice ? 1 : 0)
    const second = await multiply('on')
    expect(second).toEqual({ ...first, measured: 0 })
    const row = Array.from({ length: 32 }, (_, n) =>
      Array.from({ length: 64 }, (_, k) => (n * 64 + k) % 7).reduce((a, b) => a + b),
    )
    expect(first.y.slice(0, 32)).toEqual(row)
  })

  it('are measured anew where the file is broken', async () => {
    const file = join(folder, 'onednn-kernels.json')
    await writeFile(file, 'no JSON')
    const { choices } = await multiply('on')
    if (!hasChoice) return
    expect(Object.values(JSON.parse(await readFile(file, 'utf8')).machines)).toEqual([choices])
  })

  it('are the library’s own where that is asked for: nothing is measured or written', async () => {
    expect((await multiply('off')).measured).toBe(0)
    expect(await readdir(folder)).toEqual([])
  })

  it.skipIf(!hasChoice)('are those of an earlier executable, if it is given', async () => {
    const { choices = {} } = await multiply('off')
    const turned = Object.fromEntries(
      Object.entries(choices).map(([key, name]) => [
        key,
        name.startsWith('gemm') ? 'brg:avx512_core, plain weights' : 'gemm:jit, plain weights',
      ]),
    )
    for (const mode of ['on', 'off']) expect((await multiply(mode, turned)).choices).toEqual(turned)
    // One that does not exist is chosen anew.
    const unknown = Object.fromEntries(Object.keys(choices).map((key) => [key, 'gone']))
    expect((await multiply('off', unknown)).choices).toEqual(choices)
  })
})
