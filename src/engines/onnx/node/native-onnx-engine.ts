import { availableParallelism } from 'node:os'
import type { Engine } from '../../engine.js'
import { engineKind, expectPrecision } from '../../registry.js'
import { engineThread } from '../../thread/engine-thread.js'

/** Where the engine's thread lies, as it is shipped. */
const shippedWorker = new URL('./ort-worker.js', import.meta.url)

/**
 * Runs programs through ONNX Runtime's C interface, on the processor, in a thread of its own.
 *
 * @param workerFile Where the thread's compiled file lies, for those who bundle this library into another file.
 */
export function nativeOnnxEngine(workerFile = shippedWorker): Engine {
  const thread = engineThread('onnx', workerFile)
  const engine: Engine = {
    name: 'onnx',
    precisions: engineKind('onnx', 'cpu').precisions,
    async compile(program, options = {}) {
      const { threads = availableParallelism(), precision = 'float32', profile = false, gradientTreatment } = options
      expectPrecision(engine, precision)
      return thread.compile(program, { precision, threads, profile, gradientTreatment })
    },
  }
  return engine
}
