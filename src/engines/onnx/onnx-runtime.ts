import type * as OnnxRuntime from 'onnxruntime-common'
import type { Program } from '../../graph/program.js'
import { float32, type Tensor, type Tensors } from '../../tensor.js'

/** What the engine needs of ONNX Runtime; `onnxruntime-node` and `onnxruntime-web` both offer it. */
export type OnnxRuntimeModule = Pick<typeof OnnxRuntime, 'InferenceSession' | 'Tensor'>

export type SessionOptions = OnnxRuntime.InferenceSession.SessionOptions

/** ONNX Runtime's values by their names. */
export type OnnxValues = Readonly<Record<string, OnnxRuntime.Tensor>>

/** A tensor as ONNX Runtime takes it: the same memory. */
export function toOnnx(runtime: OnnxRuntimeModule, { dtype, data, shape }: Tensor): OnnxRuntime.Tensor {
  return new runtime.Tensor(dtype as 'float32', data as Float32Array, shape)
}

/** Results of the library as tensors: the outputs of `program`. */
export function fromOnnx({ outputs }: Pick<Program, 'outputs'>, results: OnnxValues): Tensors {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { shape }]) => [name, float32(shape, results[name].data as Float32Array)]),
  )
}
