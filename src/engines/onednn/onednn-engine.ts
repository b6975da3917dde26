import { availableParallelism } from 'node:os'
import type { Engine } from '../engine.js'
import { engineKind, expectPrecision } from '../registry.js'
import { engineThread } from '../thread/engine-thread.js'

export interface OneDnnEngineOptions {
  /** Whether the library computes in bfloat16 on this processor. */
  readonly computesBfloat16: boolean
  /** Where the thread's compiled file lies, for those who bundle this library into another file. */
  readonly workerFile?: URL
  /** Environment variables of its thread, on top of those of this process. */
  readonly environment?: Readonly<Record<string, string>>
  /** Hears when the fastest kernels are measured, and how many seconds that may take. */
  readonly onMeasuring?: (seconds: number) => void
}

/**
 * Runs programs through oneDNN, the library of processor kernels that PyTorch itself calls, in a thread of its own.
 * Layouts and memory are chosen for the whole program; weights and activations stay in them from step to step.
 */
export function oneDnnEngine({
  computesBfloat16,
  workerFile = new URL('./onednn-worker.js', import.meta.url),
  environment,
  onMeasuring,
}: OneDnnEngineOptions): Engine {
  const thread = engineThread('onednn', workerFile, {
    environment,
    onMeasuring: ({ seconds }) => onMeasuring?.(seconds),
  })
  const engine: Engine = {
    name: 'onednn',
    precisions: engineKind('onednn', 'cpu').precisions.filter((each) => each !== 'bfloat16' || computesBfloat16),
    async compile(program, options = {}) {
      const {
        threads = availableParallelism(),
        precision = 'float32',
        profile = false,
        gradientTreatment,
        choices,
      } = options
      expectPrecision(engine, precision)
      return thread.compile(program, { precision, threads, profile, gradientTreatment, choices })
    },
  }
  return engine
}
