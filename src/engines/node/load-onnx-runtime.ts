import { isMainThread } from 'node:worker_threads'
import type * as OnnxRuntime from 'onnxruntime-common'

/** What ONNX Runtime asks before it creates a device's identity and a queue of events, and connects to its maker's host. */
const TELEMETRY_SWITCH = 'ORT_DISABLE_TELEMETRY'

let loading: Promise<typeof OnnxRuntime> | undefined

/**
 * ONNX Runtime for Node: the only place that loads it, since its telemetry can be switched off only before.
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

/**
 * The library reads the environment of the process. The main thread's `process.env` is that; a worker's is a copy, so there
 * the C library is asked. On Windows there is no such switch: see docs/installing.md.
 */
export async function switchOffTelemetry(): Promise<void> {
  process.env[TELEMETRY_SWITCH] = '1'
  if (isMainThread || process.platform === 'win32') return
  const { default: koffi } = await import('#koffi')
  koffi.load(null).func('int setenv(const char *name, const char *value, int overwrite)')(TELEMETRY_SWITCH, '1', 1)
}
