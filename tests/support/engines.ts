import type { Engine } from '../../src/engines/engine.js'
import { OneDnn } from '../../src/engines/onednn/native/onednn.js'
import { oneDnnEngine } from '../../src/engines/onednn/onednn-engine.js'
import { nativeOnnxEngine } from '../../src/engines/onnx/node/native-onnx-engine.js'

/** The threads of the engines, as they are shipped. */
const shipped = (path: string) => new URL(`../../dist/engines/${path}`, import.meta.url)
export const workerFile = shipped('onednn/onednn-worker.js')

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

export const onnx = nativeOnnxEngine(shipped('onnx/node/ort-worker.js'))

/** Every engine that is tested against the reference on this machine. */
export const testedEngines: readonly Engine[] = onednn ? [onnx, onednn] : [onnx]

function load(): OneDnn | undefined {
  try {
    return OneDnn.load()
  } catch {
    return undefined
  }
}
