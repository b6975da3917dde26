import { expect, it } from 'vitest'
import { createModel } from '../../models/catalogue.js'
import { inferenceProgram } from '../../programs/inference-program.js'
import { loadOnnxRuntime } from '../node/load-onnx-runtime.js'
import { onnxEngine } from './onnx-engine.js'

const onnxRuntime = await loadOnnxRuntime()

it('says which tensor is too large for a device', async () => {
  const program = inferenceProgram(createModel('alexnet'), 1)
  const engine = onnxEngine(onnxRuntime, { provider: 'webgpu', largestTensor: 2 ** 27 })
  await expect(engine.compile(program)).rejects.toThrow(
    'alexnet inference: classifier.1.weight 4096×9216 takes 150994944 bytes, the graphics adapter binds 134217728 at most',
  )
})
