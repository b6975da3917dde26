import { AlexNetError } from '../../errors.js'
import { allState, type Program } from '../../graph/program.js'
import { simplify } from '../../graph/simplify.js'
import { formatShape, sizeOf } from '../../tensor.js'
import { checkOperators } from '../check.js'
import type { CompileOptions, Engine } from '../engine.js'
import { loadGradientTreatment } from '../gradient-treatment.js'
import { engineKind, expectPrecision } from '../registry.js'
import { ConstantStateExecutable } from './constant-state-executable.js'
import { DeviceStateExecutable } from './device-state-executable.js'
import { lowerings } from './lowering/index.js'
import type { OnnxRuntimeModule } from './onnx-runtime.js'
import type { SessionProfiler } from './session-profiler.js'
import { TrainingExecutable } from './training-executable.js'

export interface OnnxEngineOptions {
  /**
   * ONNX Runtime's execution provider: `cpu` (default), `wasm`, `webgpu` … On `webgpu` the state of a training stays in
   * the memory of the graphics processor.
   */
  readonly provider?: string
  /** The largest tensor that the device takes, in bytes, where that is known. */
  readonly largestTensor?: number
  /** A new one for a program whose operators are to be timed. Without it, as in the browser, they cannot be. */
  readonly newProfiler?: () => SessionProfiler
}

/**
 * Runs programs through ONNX Runtime, which knows no training: the step, with its gradients, is an ordinary graph of
 * standard operators.
 */
export function onnxEngine(runtime: OnnxRuntimeModule, options: OnnxEngineOptions = {}): Engine {
  const { provider = 'cpu', newProfiler, largestTensor } = options
  const target = provider === 'webgpu' ? 'webgpu' : 'cpu'
  const engine: Engine = {
    name: 'onnx',
    precisions: engineKind('onnx', target).precisions,
    async compile(original, compileOptions = {}) {
      expectPrecision(engine, compileOptions.precision)
      checkOperators(engine.name, original, lowerings)
      const program = simplify(original)
      if (largestTensor !== undefined) checkSizes(program, largestTensor)
      const profiler = compileOptions.profile ? newProfiler?.() : undefined
      if (compileOptions.profile && !profiler)
        throw new AlexNetError(
          'invalid-setting',
          'onnx: operators cannot be timed here: there is no file for a profile',
        )
      const setup = {
        runtime,
        profiler,
        options: {
          executionProviders: [provider],
          graphOptimizationLevel: 'all' as const,
          ...(compileOptions.threads && { intraOpNumThreads: compileOptions.threads }),
          // Warnings speak of the library's own affairs (constants it could not fold, say).
          logSeverityLevel: 3 as const,
        },
      }
      const treatment = await treatmentOf(compileOptions, target)
      const advances = Object.values(allState(program)).some(({ next }) => next !== undefined)
      if (!advances) return new ConstantStateExecutable(setup, program, target)
      const executable =
        target === 'webgpu'
          ? new DeviceStateExecutable({ ...setup, profiler: undefined }, program)
          : new TrainingExecutable(setup, program, treatment)
      await executable.prepare()
      return executable
    },
  }
  return engine
}

async function treatmentOf({ gradientTreatment }: CompileOptions, target: 'cpu' | 'webgpu') {
  if (gradientTreatment === undefined) return undefined
  if (target === 'webgpu')
    throw new AlexNetError(
      'invalid-setting',
      'onnx: on WebGPU the gradients never leave the graphics processor: they cannot be treated between backward and update',
      'Compute on the processor: `--device cpu`.',
    )
  return loadGradientTreatment(gradientTreatment)
}

/** WebGPU binds a tensor as a whole, and promises no more than 128 MiB of one everywhere. */
function checkSizes({ name, nodes }: Program, largest: number): void {
  for (const { scope, op, attributes, shape, dtype } of nodes) {
    const bytes = sizeOf(shape) * (dtype === 'uint8' ? 1 : 4)
    if (bytes > largest)
      throw new AlexNetError(
        'engine-unavailable',
        `${name}: ${attributes.name ?? `${scope}/${op}`} ${formatShape(shape)} takes ${bytes} bytes, the graphics adapter binds ${largest} at most`,
        'Take smaller batches or a smaller net (width), or compute on the processor.',
      )
  }
}
