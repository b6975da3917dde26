import type * as OnnxRuntime from 'onnxruntime-common'
import { AlexNetError, messageOf } from '../../errors.js'
import { encodeOnnx } from '../../formats/onnx/encode.js'
import type { Program } from '../../graph/program.js'
import { float32, sizeOf, type Tensor, type Tensors } from '../../tensor.js'
import { checkInputs, checkState, stateVariable } from '../check.js'
import type { Engine, Executable } from '../engine.js'
import { lowerProgram, nextName } from './lower-program.js'

/** What the engine needs of ONNX Runtime; `onnxruntime-node` and `onnxruntime-web` both offer it. */
export type OnnxRuntimeModule = Pick<typeof OnnxRuntime, 'InferenceSession' | 'Tensor'>

export interface OnnxEngineOptions {
  /** ONNX Runtime's execution provider: `cpu` (default), `wasm`, `webgpu`, … */
  readonly provider?: string
}

/**
 * Runs programs through ONNX Runtime, which knows no training: the whole step, with its gradients and update, is an
 * ordinary graph of standard operators. The state goes in as inputs and comes out as outputs.
 */
export function onnxEngine(runtime: OnnxRuntimeModule, options: OnnxEngineOptions = {}): Engine {
  return {
    name: 'onnx',
    async compile(program, compileOptions = {}) {
      const sessionOptions = {
        executionProviders: [options.provider ?? 'cpu'],
        graphOptimizationLevel: 'all' as const,
        intraOpNumThreads: compileOptions.threads,
        // Warnings speak of the library's own affairs (constants it could not fold, say).
        logSeverityLevel: 3 as const,
      }
      const advances = Object.values(program.state).some(({ next }) => next !== undefined)
      const executable = advances
        ? new TrainingExecutable(runtime, program, sessionOptions)
        : new ConstantStateExecutable(runtime, program, sessionOptions)
      await executable.prepare()
      return executable
    },
  }
}

type SessionOptions = OnnxRuntime.InferenceSession.SessionOptions

abstract class OnnxExecutable implements Executable {
  protected readonly state = new Map<string, Float32Array>()

  constructor(
    protected readonly runtime: OnnxRuntimeModule,
    protected readonly program: Program,
    private readonly sessionOptions: SessionOptions,
  ) {
    for (const [name, { current }] of Object.entries(program.state))
      this.state.set(name, new Float32Array(sizeOf(current.shape)))
  }

  abstract prepare(): Promise<void>
  abstract run(inputs: Tensors): Promise<Tensors>
  abstract dispose(): Promise<void>

  async readState(names = Object.keys(this.program.state)): Promise<Tensors> {
    return Object.fromEntries(
      names.map((name) => {
        const { current } = stateVariable(this.program, name)
        return [name, float32(current.shape, this.state.get(name)!.slice())]
      }),
    )
  }

  async writeState(state: Tensors): Promise<void> {
    checkState(this.program, state)
    for (const [name, tensor] of Object.entries(state)) this.state.set(name, Float32Array.from(tensor.data))
  }

  protected async createSession(constants: Tensors): Promise<OnnxRuntime.InferenceSession> {
    const bytes = encodeOnnx(lowerProgram(this.program, constants))
    return this.guard(() => this.runtime.InferenceSession.create(bytes, this.sessionOptions))
  }

  protected async runSession(
    session: OnnxRuntime.InferenceSession,
    inputs: Tensors,
    state: Iterable<readonly [string, Tensor]>,
  ): Promise<OnnxRuntime.InferenceSession.OnnxValueMapType> {
    checkInputs(this.program, inputs)
    const feeds: Record<string, OnnxRuntime.Tensor> = {}
    for (const name of Object.keys(this.program.inputs)) feeds[name] = this.toOnnx(inputs[name])
    for (const [name, tensor] of state) feeds[name] = this.toOnnx(tensor)
    return this.guard(() => session.run(feeds))
  }

  protected outputs(results: OnnxRuntime.InferenceSession.OnnxValueMapType): Tensors {
    return Object.fromEntries(
      Object.entries(this.program.outputs).map(([name, { shape }]) => [
        name,
        float32(shape, results[name].data as Float32Array),
      ]),
    )
  }

  private toOnnx({ dtype, data, shape }: Tensor): OnnxRuntime.Tensor {
    return new this.runtime.Tensor(dtype as 'float32', data as Float32Array, shape)
  }

  private async guard<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw new AlexNetError('engine-failed', `onnx: ${this.program.name}: ${messageOf(error)}`, undefined, {
        cause: error,
      })
    }
  }
}

/** A program whose state advances: the state is fed in at every step, and each step's results are the next state. */
class TrainingExecutable extends OnnxExecutable {
  private session: OnnxRuntime.InferenceSession | undefined

  async prepare(): Promise<void> {
    this.session = await this.createSession({})
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const state = [...this.state].map(
      ([name, data]) => [name, float32(this.program.state[name].current.shape, data)] as const,
    )
    const results = await this.runSession(this.session!, inputs, state)
    for (const [name, { next }] of Object.entries(this.program.state))
      if (next) this.state.set(name, results[nextName(name)].data as Float32Array)
    return this.outputs(results)
  }

  async dispose(): Promise<void> {
    await this.session?.release()
    this.state.clear()
  }
}

/** A program whose state never changes by itself: the weights are constants of the graph, laid out anew when written. */
class ConstantStateExecutable extends OnnxExecutable {
  private session: OnnxRuntime.InferenceSession | undefined

  async prepare(): Promise<void> {
    // The session is made at the first run, when the weights are known.
  }

  override async writeState(state: Tensors): Promise<void> {
    await super.writeState(state)
    await this.session?.release()
    this.session = undefined
  }

  async run(inputs: Tensors): Promise<Tensors> {
    this.session ??= await this.createSession(await this.readState())
    return this.outputs(await this.runSession(this.session, inputs, []))
  }

  async dispose(): Promise<void> {
    await this.session?.release()
    this.state.clear()
  }
}
