/**
 * Measures TensorFlow.js on the processor: inference with its WebAssembly backend, training with the one in plain
 * JavaScript, since the former has no gradient of a convolution with respect to its weights. Its native binding
 * (tfjs-node) has no build for current versions of Node.
 */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { answer } from './peer.js'
import { prepareStep } from './tfjs-step.js'

// The packages' own bundles for Node: their modules are written for bundlers.
const require = createRequire(import.meta.url)
const tf = require('@tensorflow/tfjs')
const wasm = require('@tensorflow/tfjs-backend-wasm')

await answer({ version: `@tensorflow/tfjs ${tf.version.tfjs}, inference: wasm, training: cpu`, prepare })

async function prepare(task, model, batchSize) {
  if (task === 'infer') wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`)
  const backend = task === 'infer' ? 'wasm' : 'cpu'
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start`)
  return prepareStep(tf, task, model, batchSize)
}
