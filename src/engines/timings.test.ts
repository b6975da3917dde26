import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { createModel } from '../models/catalogue.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { trainingProgram } from '../programs/training-program.js'
import { float32, int32, scalar, sizeOf } from '../tensor.js'
import type { Engine } from './engine.js'
import { loadOnnxRuntime } from './node/load-onnx-runtime.js'
import { onnxEngine } from './onnx/onnx-engine.js'
import { addProfile } from './onnx/session-profiler.js'
import { OperatorTimer } from './operator-timer.js'
import { referenceEngine } from './reference/reference-engine.js'

const onnxRuntime = await loadOnnxRuntime()

const model = createModel('80sec', { inputShape: [3, 8, 8] })
const program = trainingProgram(model, { batchSize: 2, optimizer: { weightDecay: 0.004, rule: 'paper' } })
const images = float32([2, 3, 8, 8], new Float32Array(sizeOf([2, 3, 8, 8])))
const inputs = { images, labels: int32([2], [0, 1]), rate: scalar(0.01) }

const timed = async (engine: Engine, profile: boolean, steps: number) => {
  const executable = await engine.compile(program, { profile })
  for (let step = 0; step < steps; step++) await executable.run(inputs)
  return { executable, timings: await executable.timings() }
}

describe.each([referenceEngine(), ...testedEngines])('engine $name', (engine) => {
  it('times the operators of every layer', async () => {
    const { executable, timings } = await timed(engine, true, 2)
    const layers = new Set(program.nodes.filter(({ op }) => /^conv2d|matmul/.test(op)).map(({ scope }) => scope))
    for (const layer of layers) {
      const own = timings.filter((timing) => timing.layer === layer)
      expect(own.length, layer).toBeGreaterThan(0)
      for (const { calls, milliseconds } of own) {
        expect(calls).toBeGreaterThanOrEqual(2)
        expect(milliseconds).toBeGreaterThanOrEqual(0)
      }
    }
    expect(timings.some(({ layer }) => layer === 'update')).toBe(true)
    expect(timings.some(({ layer, operator }) => layer === 'features.0' && operator === 'conv2d')).toBe(true)
    await executable.dispose()
  })

  it('goes on after the times were asked for, and adds to them', async () => {
    const { executable, timings } = await timed(engine, true, 1)
    const before = await executable.readState()
    await executable.run(inputs)
    expect(await executable.readState()).not.toEqual(before)
    const calls = (of: typeof timings) => of.find(({ operator }) => operator === 'conv2dWeightGradient')!.calls
    expect(calls(await executable.timings())).toBe(2 * calls(timings))
    await executable.dispose()
  })

  it('times inference', async () => {
    const executable = await engine.compile(inferenceProgram(model, 2), { profile: true })
    await executable.run({ images })
    const timings = await executable.timings()
    expect(timings.some(({ layer, operator }) => layer === 'features.0' && operator === 'conv2d')).toBe(true)
    await executable.dispose()
  })

  it('takes no times unless it is asked to', async () => {
    const { executable, timings } = await timed(engine, false, 1)
    expect(timings).toEqual([])
    await executable.dispose()
  })
})

describe.each([referenceEngine(), onnxEngine(onnxRuntime)])('engine $name', (engine) => {
  it('refuses a precision that it does not have', async () => {
    await expect(engine.compile(program, { precision: 'bfloat16' })).rejects.toMatchObject({
      code: 'invalid-setting',
      message: `the engine ${engine.name} has no precision bfloat16, only float32`,
      hint: expect.stringContaining('onednn'),
    })
    await (await engine.compile(program, { precision: 'float32' })).dispose()
  })
})

it('onnx refuses to take times where there is no file for them', async () => {
  await expect(onnxEngine(onnxRuntime).compile(program, { profile: true })).rejects.toMatchObject({
    code: 'invalid-setting',
    message: expect.stringContaining('cannot be timed here'),
  })
})

it("a profile's kernels are summed by layer and operator", () => {
  const timer = new OperatorTimer()
  const kernel = (name: string, dur: number) => ({
    cat: 'Node',
    name: `${name}_kernel_time`,
    dur,
    args: { op_name: 'X' },
  })
  const total = addProfile(
    JSON.stringify([
      { cat: 'Session', name: 'model_run', dur: 9000, args: {} },
      kernel('features.0/conv2d/Conv#0', 1000),
      kernel('features.0/conv2d/Reshape#1_new_reshape', 500),
      kernel('fused classifier.1/matmul/Gemm#17', 2000),
      kernel('/softmax/Softmax#20', 100),
      kernel('ReorderOutput_3', 300),
    ]),
    timer,
  )
  expect(total).toBeCloseTo(3.9)
  expect(timer.timings()).toEqual([
    { layer: 'features.0', operator: 'conv2d', calls: 2, milliseconds: 1.5 },
    { layer: 'classifier.1', operator: 'matmul', calls: 1, milliseconds: 2 },
    { layer: 'program', operator: 'softmax', calls: 1, milliseconds: 0.1 },
    { layer: 'engine', operator: 'X', calls: 1, milliseconds: 0.3 },
  ])
})
