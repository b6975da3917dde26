import type * as OnnxRuntime from 'onnxruntime-common'
import { AlexNetError, messageOf } from '../../errors.js'
import { encodeOnnx } from '../../formats/onnx/encode.js'
import type { Program } from '../../graph/program.js'
import { simplify } from '../../graph/simplify.js'
import { float32, sizeOf, type Tensor, type Tensors } from '../../tensor.js'
import { checkInputs, checkState, expectFloat32, stateVariable } from '../check.js'
import type { Engine, Executable, OperatorTiming } from '../engine.js'
import { splitUpdate } from './host-update.js'
import { lowerProgram } from './lower-program.js'
import { type ProfileFile, SessionProfiler } from './session-profiler.js'

/** What the engine needs of ONNX Runtime; `onnxruntime-node` and `onnxruntime-web` both offer it. */
export type OnnxRuntimeModule = Pick<typeof OnnxRuntime, 'InferenceSession' | 'Tensor'>

export interface OnnxEngineOptions {
  /** ONNX Runtime's execution provider: `cpu` (default), `wasm`, `webgpu`, … */
  readonly provider?: string
  /** A new file for the profile of a session. Without it, as in the browser, operators cannot be timed. */
  readonly profileFile?: () => Promise<ProfileFile>
}

/**
 * Runs programs through ONNX Runtime, which knows no training: the step, with its gradients, is an ordinary graph of
 * standard operators. Parameters go in as inputs, gradients come out as outputs, and the update is done here.
 */
export function onnxEngine(runtime: OnnxRuntimeModule, options: OnnxEngineOptions = {}): Engine {
  return {
    name: 'onnx',
    async compile(original, compileOptions = {}) {
      expectFloat32('onnx', compileOptions)
      const program = simplify(original)
      if (compileOptions.profile && !options.profileFile)
        throw new AlexNetError(
          'invalid-setting',
          'onnx: operators cannot be timed here: there is no file for a profile',
        )
      const profiler =
        compileOptions.profile && options.profileFile ? new SessionProfiler(options.profileFile) : undefined
      const sessionOptions = {
        executionProviders: [options.provider ?? 'cpu'],
        graphOptimizationLevel: 'all' as const,
        ...(compileOptions.threads && { intraOpNumThreads: compileOptions.threads }),
        // Warnings speak of the library's own affairs (constants it could not fold, say).
        logSeverityLevel: 3 as const,
      }
      const advances = Object.values(program.state).some(({ next }) => next !== undefined)
      if (!advances) return new ConstantStateExecutable(runtime, program, sessionOptions, profiler)
      const executable = new TrainingExecutable(runtime, program, sessionOptions, profiler)
      await executable.prepare()
      return executable
    },
  }
}

type SessionOptions = OnnxRuntime.InferenceSession.SessionOptions

abstract class OnnxExecutable implements Executable {
  protected readonly state = new Map<string, Float32Array>()
  protected session: OnnxRuntime.InferenceSession | undefined
  private disposed = false

  constructor(
    protected readonly runtime: OnnxRuntimeModule,
    /** The whole program, as its user knows it. */
    protected readonly program: Program,
    /** The part of it that the library runs. */
    private readonly device: Program,
    private readonly sessionOptions: SessionOptions,
    protected readonly profiler: SessionProfiler | undefined,
  ) {
    for (const [name, { current }] of Object.entries(program.state))
      this.state.set(name, new Float32Array(sizeOf(current.shape)))
  }

  abstract run(inputs: Tensors): Promise<Tensors>

  async readState(names = Object.keys(this.program.state)): Promise<Tensors> {
    return Object.fromEntries(names.map((name) => [name, this.stateTensor(name, this.stateOf(name).slice())]))
  }

  async writeState(state: Tensors): Promise<void> {
    checkState(this.program, state)
    for (const [name, tensor] of Object.entries(state)) this.state.set(name, Float32Array.from(tensor.data))
  }

  /** A profile is complete when its session has ended; the next step opens another. */
  async timings(): Promise<readonly OperatorTiming[]> {
    await this.releaseSession()
    return this.profiler?.timings() ?? []
  }

  async dispose(): Promise<void> {
    this.disposed = true
    this.state.clear()
    await this.releaseSession()
  }

  /** @throws AlexNetError `engine-failed` after `dispose`. */
  protected async openSession(constants: Tensors): Promise<OnnxRuntime.InferenceSession> {
    if (this.disposed)
      throw new AlexNetError('engine-failed', `onnx: ${this.program.name}: it has been disposed and cannot run`)
    this.session ??= await this.guard(async () =>
      this.runtime.InferenceSession.create(encodeOnnx(lowerProgram(this.device, constants)), {
        ...this.sessionOptions,
        ...(await this.profiler?.begin()),
      }),
    )
    return this.session
  }

  protected async releaseSession(): Promise<void> {
    const session = this.session
    this.session = undefined
    if (session) await this.profiler?.end(session)
    await session?.release()
  }

  protected async runSession(session: OnnxRuntime.InferenceSession, inputs: Tensors, state: Tensors): Promise<Tensors> {
    checkInputs(this.program, inputs)
    const feeds: Record<string, OnnxRuntime.Tensor> = {}
    for (const name of Object.keys(this.device.inputs)) feeds[name] = this.toOnnx(inputs[name])
    for (const name of Object.keys(this.device.state)) if (state[name]) feeds[name] = this.toOnnx(state[name])
    const start = performance.now()
    const results = await this.guard(() => session.run(feeds))
    this.profiler?.ran(performance.now() - start)
    return Object.fromEntries(
      Object.entries(this.device.outputs).map(([name, { shape }]) => [
        name,
        float32(shape, results[name].data as Float32Array),
      ]),
    )
  }

  /** The outputs of the program alone. */
  protected outputs(results: Tensors): Tensors {
    return Object.fromEntries(Object.keys(this.program.outputs).map((name) => [name, results[name]]))
  }

  /** The whole state without a copy, for the library to read. */
  protected sharedState(): Tensors {
    return Object.fromEntries([...this.state].map(([name, data]) => [name, this.stateTensor(name, data)]))
  }

  private stateTensor(name: string, data: Float32Array): Tensor {
    return float32(stateVariable(this.program, name).current.shape, data)
  }

  private stateOf(name: string): Float32Array {
    stateVariable(this.program, name)
    const data = this.state.get(name)
    if (!data) throw new AlexNetError('engine-failed', `onnx: ${this.program.name}: its state has been disposed`)
    return data
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

/** A program whose state advances: the state is fed in at every step, the gradients come out, the update is done here. */
class TrainingExecutable extends OnnxExecutable {
  constructor(
    runtime: OnnxRuntimeModule,
    program: Program,
    sessionOptions: SessionOptions,
    profiler: SessionProfiler | undefined,
    private readonly update = splitUpdate(program),
  ) {
    super(runtime, program, update.device, sessionOptions, profiler)
  }

  /** Compiles the program now, so that its errors come from `compile`. */
  async prepare(): Promise<void> {
    await this.openSession({})
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const results = await this.runSession(await this.openSession({}), inputs, this.sharedState())
    const start = performance.now()
    this.update.apply(this.state, inputs, results)
    this.profiler?.timer.add('update', 'update', performance.now() - start)
    return this.outputs(results)
  }
}

/**
 * A program whose state never changes by itself: the weights are constants of the graph, for which ONNX Runtime chooses
 * faster layouts. The session is made when the weights are known, at the first run after they were written.
 */
class ConstantStateExecutable extends OnnxExecutable {
  constructor(
    runtime: OnnxRuntimeModule,
    program: Program,
    sessionOptions: SessionOptions,
    profiler: SessionProfiler | undefined,
  ) {
    super(runtime, program, program, sessionOptions, profiler)
  }

  override async writeState(state: Tensors): Promise<void> {
    await super.writeState(state)
    await this.releaseSession()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    return this.outputs(await this.runSession(await this.openSession(this.sharedState()), inputs, {}))
  }
}
