import type { Engine } from '../../src/engines/engine.js'
import { loadOnnxRuntime } from '../../src/engines/node/load-onnx-runtime.js'
import { temporaryProfileFile } from '../../src/engines/node/profile-file.js'
import { OneDnn } from '../../src/engines/onednn/native/onednn.js'
import { oneDnnEngine } from '../../src/engines/onednn/onednn-engine.js'
import { onnxEngine } from '../../src/engines/onnx/onnx-engine.js'

const onnxRuntime = await loadOnnxRuntime()

/** The thread of the onednn engine, as it is shipped. */
export const workerFile = new URL('../../dist/engines/onednn/onednn-worker.js', import.meta.url)

/** oneDNN, if it is installed here: it comes from the system, not from npm. */
export const oneDnnLibrary = load()

export const hasOneDnn = oneDnnLibrary !== undefined

/** Whether the processor computes in bfloat16, and oneDNN knows it. */
export const computesBfloat16 = oneDnnLibrary?.computesBfloat16 ?? false

/** The engine onednn, where it is installed. */
export const onednn = hasOneDnn ? oneDnnEngine({ computesBfloat16, workerFile }) : undefined

/** The engine onednn with a thread of its own, which sees these environment variables. */
export function newOneDnn(environment: Readonly<Record<string, string>>): Engine {
  return oneDnnEngine({ computesBfloat16, workerFile, environment })
}

export const onnx = onnxEngine(onnxRuntime, { profileFile: temporaryProfileFile })

/** Every engine that is tested against the reference on this machine. */
export const testedEngines: readonly Engine[] = onednn ? [onnx, onednn] : [onnx]

function load(): OneDnn | undefined {
  try {
    return OneDnn.load()
  } catch {
    return undefined
  }
}
