import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Onnx from 'onnxruntime-common'
import { describe, expect, it } from 'vitest'
import { alexnet } from '../../../tests/support/cli.js'
import { relativeDifference } from '../../../tests/support/closeness.js'
import { onnx } from '../../../tests/support/engines.js'
import { inputsOf } from '../../../tests/support/program-inputs.js'
import { tinyCheckpoint } from '../../../tests/support/tiny-checkpoint.js'
import { missingWebGpu, onnxOnWebGpu } from '../../../tests/support/webgpu.js'
import { allState } from '../../graph/program.js'
import { createModel } from '../../models/catalogue.js'
import { initialState } from '../../models/initial-state.js'
import { trainingProgram } from '../../programs/training-program.js'
import { encodeCheckpoint } from '../../runs/checkpoint.js'
import { loadOnnxRuntime } from '../node/load-onnx-runtime.js'
import type { OnnxRuntimeModule } from './onnx-runtime.js'

const onnxRuntime = await loadOnnxRuntime()

/** In software, beside other programs. */
const timeout = 300_000

describe.skipIf(missingWebGpu)(`networks under onnx on WebGPU ${missingWebGpu ?? ''}`, { timeout }, () => {
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

/** ONNX Runtime that notes where the tensors lie which a session is fed. */
function recording() {
  type Fed = Record<string, { readonly tensor: Onnx.Tensor; readonly place: string }>
  const feeds: Fed[] = []
  const create = async (...values: [Uint8Array, Onnx.InferenceSession.SessionOptions]) => {
    const session = await onnxRuntime.InferenceSession.create(...values)
    const outputs = new Set(session.outputNames)
    return {
      run: (fed: Record<string, Onnx.Tensor>) => {
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
