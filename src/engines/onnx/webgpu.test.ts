import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as onnxRuntime from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { alexnet, start } from '../../../tests/support/cli.js'
import { relativeDifference } from '../../../tests/support/closeness.js'
import { onnx } from '../../../tests/support/engines.js'
import { caseInputs, caseProgram, operatorCases, rounded, tieCases } from '../../../tests/support/operator-cases.js'
import { inputsOf } from '../../../tests/support/program-inputs.js'
import { tinyCheckpoint } from '../../../tests/support/tiny-checkpoint.js'
import { missingWebGpu, onnxOnWebGpu } from '../../../tests/support/webgpu.js'
import { allState } from '../../graph/program.js'
import { createModel } from '../../models/catalogue.js'
import { initialState } from '../../models/initial-state.js'
import { trainingProgram } from '../../programs/training-program.js'
import { encodeCheckpoint } from '../../runs/checkpoint.js'
import { referenceEngine } from '../reference/reference-engine.js'
import type { OnnxRuntimeModule } from './onnx-runtime.js'

/** What is written in another way there. All cases hold, but in software each takes seconds. */
const otherwise = /^maxPool2d 3\/2 ceil with ties|^maxPool2d 2\/3|^conv2d 3×3 of 6 pictures/

/** In software, beside other programs. */
const timeout = 300_000

describe.skipIf(missingWebGpu)(`onnx on WebGPU ${missingWebGpu ?? ''}`, { timeout }, () => {
  it.each([...operatorCases, ...tieCases].filter(({ name }) => otherwise.test(name)))('$name', async (operatorCase) => {
    const program = caseProgram(operatorCase)
    const inputs = caseInputs(program, operatorCase)
    const expected = await (await referenceEngine().compile(program)).run(inputs)
    const executable = await onnxOnWebGpu().compile(program)
    const actual = await executable.run(rounded(inputs))
    await executable.dispose()
    for (const [name, tensor] of Object.entries(expected))
      if (name !== 'loss') expect(relativeDifference(actual[name], tensor), name).toBeLessThan(1e-5)
  })

  it('trains as the processor does, with a state that never leaves the device', async () => {
    const options = { width: 1 / 16, lrn: true, initial: 'he' } as const
    const model = createModel('alexnet-cifar', { inputShape: [3, 16, 16], classes: 7 }, options)
    // Six pictures: in the weight gradients they are the channels, of a number that ONNX Runtime needs help with.
    const program = trainingProgram(model, { batchSize: 6, optimizer: { weightDecay: 0.1, rule: 'paper' } })
    const { runtime, feeds } = recording()
    const [gpu, cpu] = [await onnxOnWebGpu(runtime).compile(program), await onnx.compile(program)]
    for (const executable of [gpu, cpu]) await executable.writeState(initialState(model, 3))
    for (let step = 0; step < 3; step++) {
      const inputs = inputsOf(program, step, { classes: 7, rate: 0.02 })
      const [actual, expected] = [await gpu.run(inputs), await cpu.run(inputs)]
      expect(Math.abs(actual.loss.data[0] - expected.loss.data[0]), `step ${step}`).toBeLessThan(1e-3)
    }
    const states = Object.keys(allState(program))
    for (const [step, fed] of feeds.entries()) {
      // The first step brings the state in.
      const places = new Set(states.map((name) => fed[name].place))
      expect([...places]).toEqual([step === 0 ? 'cpu' : 'gpu-buffer'])
      // What a step replaces is freed.
      expect(new Set(states.map((name) => fed[name].tensor.location))).toEqual(new Set(['none']))
    }
    const [actual, expected] = [await gpu.readState(), await cpu.readState()]
    for (const name of states) expect(relativeDifference(actual[name], expected[name]), name).toBeLessThan(1e-3)

    await gpu.writeState(initialState(model, 3))
    const written = await gpu.readState(['features.0.weight'])
    expect(written['features.0.weight'].data).toEqual(initialState(model, 3)['features.0.weight'].data)
    for (const executable of [gpu, cpu]) await executable.dispose()
    await expect(gpu.readState()).rejects.toThrow('disposed')
  })

  it('predicts from the command line, which then ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alexnet-webgpu-'))
    const file = join(folder, 'tiny.safetensors')
    await writeFile(file, Buffer.concat(encodeCheckpoint(tinyCheckpoint())))
    const [onGpu, onCpu] = await Promise.all(
      ['webgpu', 'cpu'].map((device) =>
        alexnet('predict', file, 'docs/shapes.png', '--engine', 'onnx', '--device', device, '--json'),
      ),
    )
    await rm(folder, { recursive: true })
    expect([onGpu.code, onCpu.code]).toEqual([0, 0])
    const [a, b] = [onGpu, onCpu].map(({ stdout }) => JSON.parse(stdout))
    expect(JSON.stringify(a).replace(/0\.\d+/g, '')).toBe(JSON.stringify(b).replace(/0\.\d+/g, ''))
  })
})

it('says what to do where there is no graphics adapter, and which engine computes there', async () => {
  const nowhere = { VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' }
  const without = await start(['train', '--device', 'webgpu'], { env: nowhere }).finished
  expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('WebGPU does not work here: ')])
  const wrong = await alexnet('train', '--device', 'webgpu', '--engine', 'onednn')
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringContaining('the engine onednn does not compute on webgpu'),
  ])
})

/** ONNX Runtime that notes where the tensors lie which a session is fed. */
function recording() {
  type Fed = Record<string, { readonly tensor: onnxRuntime.Tensor; readonly place: string }>
  const feeds: Fed[] = []
  const create = async (...values: [Uint8Array, onnxRuntime.InferenceSession.SessionOptions]) => {
    const session = await onnxRuntime.InferenceSession.create(...values)
    const outputs = new Set(session.outputNames)
    return {
      run: (fed: Record<string, onnxRuntime.Tensor>) => {
        // The steps, not the readings of the state.
        if (outputs.has('loss'))
          feeds.push(
            Object.fromEntries(Object.entries(fed).map(([name, tensor]) => [name, { tensor, place: tensor.location }])),
          )
        return session.run(fed)
      },
      release: () => session.release(),
    }
  }
  const runtime = { Tensor: onnxRuntime.Tensor, InferenceSession: { create } } as unknown as OnnxRuntimeModule
  return { runtime, feeds }
}
