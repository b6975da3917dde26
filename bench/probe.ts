import * as ort from 'onnxruntime-node'
import { onnxEngine } from '../src/engines/onnx/onnx-engine.js'
import { createModel } from '../src/models/catalogue.js'
import { initialState } from '../src/models/initial-state.js'
import { summarise } from '../src/models/summary.js'
import { inferenceProgram } from '../src/programs/inference-program.js'
import { trainingProgram } from '../src/programs/training-program.js'
import { float32, int32, scalar, sizeOf, uint8, type Tensor } from '../src/tensor.js'

const [name, batch, task = 'train', steps = '5'] = process.argv.slice(2)
const model = createModel(name)
const s = summarise(model)
console.log(s.parameters, s.multiplyAdds)
const N = Number(batch)
const engine = onnxEngine(ort)
const t = task === 'train' ? trainingProgram(model, N, { momentum: 0.9, weightDecay: 5e-4, rule: 'pytorch' }) : { program: inferenceProgram(model, N), masks: [] }
const x = await engine.compile(t.program, { threads: 2 })
await x.writeState(initialState(model, 1))
const inputs: Record<string, Tensor> = { images: float32([N, ...model.inputShape], new Float32Array(N * sizeOf(model.inputShape)).map(() => Math.random() - 0.5)) }
if (task === 'train') {
  inputs.labels = int32([N], new Int32Array(N).map(() => Math.random() * 10))
  inputs.rate = scalar(0.01)
  for (const m of t.masks) inputs[m.input] = uint8(m.shape, new Uint8Array(sizeOf(m.shape)).map(() => (Math.random() < 0.5 ? 1 : 0)))
}
for (let i = 0; i < Number(steps); i++) {
  const t0 = performance.now()
  const out = await x.run(inputs)
  const ms = performance.now() - t0
  console.log(i, ms.toFixed(0), 'ms', ((N / ms) * 1000).toFixed(1), 'img/s', task === 'train' ? out.loss.data[0] : '', (process.memoryUsage().rss / 1e6).toFixed(0), 'MB')
}
await x.dispose()
