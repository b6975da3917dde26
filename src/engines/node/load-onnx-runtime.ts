import type * as OnnxRuntime from 'onnxruntime-common'
import { switchOffTelemetry } from '../onnx/node/telemetry.js'

let loading: Promise<typeof OnnxRuntime> | undefined

/**
 * ONNX Runtime's binding for Node: the only place that loads it, since its telemetry can be switched off only before.
 *
 * @throws Error when the library cannot be loaded here (a processor or system that it is not built for).
 * @example const engine = onnxEngine(await loadOnnxRuntime())
 */
export function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  loading ??= load()
  return loading
}

async function load(): Promise<typeof OnnxRuntime> {
  await switchOffTelemetry()
  return import('#onnxruntime-node')
}
