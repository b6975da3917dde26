import * as onnxRuntime from 'onnxruntime-node'
import type { Engine } from '../src/engines/engine.js'
import { temporaryProfileFile } from '../src/engines/node/profile-file.js'
import { engineOffers } from '../src/engines/node/select-engine.js'
import { oneDnnEngine } from '../src/engines/onednn/onednn-engine.js'
import { onnxEngine } from '../src/engines/onnx/onnx-engine.js'

/** The thread of the onednn engine, as it is shipped. */
const workerFile = new URL('../dist/engines/onednn/onednn-worker.js', import.meta.url)

/** Whether oneDNN is installed here: it comes from the system, not from npm. */
export const hasOneDnn = (await engineOffers()).some(({ name, engine }) => name === 'onednn' && engine)

/** Every engine that is tested against the reference on this machine. */
export const testedEngines: readonly Engine[] = [
  onnxEngine(onnxRuntime, { profileFile: temporaryProfileFile }),
  ...(hasOneDnn ? [oneDnnEngine({ workerFile })] : []),
]
