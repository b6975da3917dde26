import * as onnxRuntime from 'onnxruntime-node'
import type { Engine } from '../src/engines/engine.js'
import { onnxEngine } from '../src/engines/onnx/onnx-engine.js'

/** Every engine that is tested against the reference on this machine. */
export const testedEngines: readonly Engine[] = [onnxEngine(onnxRuntime)]
