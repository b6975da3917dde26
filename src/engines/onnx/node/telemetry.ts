import { isMainThread } from 'node:worker_threads'

/** What ONNX Runtime asks before it creates a device's identity and a queue of events, and connects to its maker's host. */
const TELEMETRY_SWITCH = 'ORT_DISABLE_TELEMETRY'

/**
 * To be called before the library is loaded: it reads the environment of the process. The main thread's `process.env` is
 * that; a worker's is a copy, so there the C library is asked. On Windows there is no such switch: see docs/installing.md.
 */
export async function switchOffTelemetry(): Promise<void> {
  process.env[TELEMETRY_SWITCH] = '1'
  if (isMainThread || process.platform === 'win32') return
  const { default: koffi } = await import('#koffi')
  koffi.load(null).func('int setenv(const char *name, const char *value, int overwrite)')(TELEMETRY_SWITCH, '1', 1)
}
