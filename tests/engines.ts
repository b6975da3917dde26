import * as onnxRuntime from 'onnxruntime-node'
import type { Engine } from '../src/engines/engine.js'
import { temporaryProfileFile } from '../src/engines/node/profile-file.js'
import { onnxEngine } from '../src/engines/onnx/onnx-engine.js'

/** Every engine that is tested against the reference on this machine. */
export const testedEngines: readonly Engine[] = [onnxEngine(onnxRuntime, { profileFile: temporaryProfileFile })]
