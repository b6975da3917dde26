import type * as OnnxRuntime from 'onnxruntime-common'
import { AlexNetError, messageOf } from '../../errors.js'
import { encodeOnnx } from '../../formats/onnx/encode.js'
import type { OnnxModel } from '../../formats/onnx/model.js'
import type { Program } from '../../graph/program.js'
import { float32, type Tensor, type Tensors } from '../../tensor.js'
import { checkInputs } from '../check.js'
import type { Executable, OperatorTiming } from '../engine.js'
import type { SessionProfiler } from './session-profiler.js'
import { StepValues } from './step-values.js'

/** What the engine needs of ONNX Runtime; `onnxruntime-node` and `onnxruntime-web` both offer it. */
export type OnnxRuntimeModule = Pick<typeof OnnxRuntime, 'InferenceSession' | 'Tensor'>

export type SessionOptions = OnnxRuntime.InferenceSession.SessionOptions

/** ONNX Runtime's values by their names. */
export type OnnxValues = Readonly<Record<string, OnnxRuntime.Tensor>>

/** What the executables of this engine have in common: a session, made when it is needed. The state is their own. */
export abstract class OnnxExecutable implements Executable {
  /** The program as the library's graph is to compute it. */
  protected readonly stepValues: StepValues
  private session: OnnxRuntime.InferenceSession | undefined
  private disposed = false

  constructor(
    protected readonly runtime: OnnxRuntimeModule,
    protected readonly program: Program,
    private readonly sessionOptions: SessionOptions,
    protected readonly profiler: SessionProfiler | undefined,
    graph: Program = program,
  ) {
    this.stepValues = new StepValues(graph)
  }

  abstract run(inputs: Tensors): Promise<Tensors>
  abstract readState(names?: readonly string[]): Promise<Tensors>
  abstract writeState(state: Tensors): Promise<void>

  /** A profile is complete when its session has ended; the next step opens another. */
  async timings(): Promise<readonly OperatorTiming[]> {
    await this.releaseSession()
    return this.profiler?.timings() ?? []
  }

  async dispose(): Promise<void> {
    this.disposed = true
    await this.releaseSession()
  }

  /** @throws AlexNetError `engine-failed` after `dispose`. */
  protected async openSession(model: () => OnnxModel): Promise<OnnxRuntime.InferenceSession> {
    this.expectAlive()
    this.session ??= await this.guard(async () =>
      this.runtime.InferenceSession.create(encodeOnnx(model()), {
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

  /** Feeds the step's inputs that `device`, the part of the program that the library runs, asks for, and the state. */
  protected async runSession(
    session: OnnxRuntime.InferenceSession,
    device: Program,
    inputs: Tensors,
    state: OnnxValues,
  ): Promise<OnnxValues> {
    checkInputs(this.program, inputs)
    const given = this.stepValues.with(inputs)
    const own = Object.keys(device.inputs).map((name) => [name, this.toOnnx(given[name])])
    const start = performance.now()
    const results = await this.guard(() => session.run({ ...Object.fromEntries(own), ...state }))
    this.profiler?.ran(performance.now() - start)
    return results
  }

  /** Results of the library as tensors: the outputs of `program`. */
  protected fromOnnx({ outputs }: Pick<Program, 'outputs'>, results: OnnxValues): Tensors {
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { shape }]) => [name, float32(shape, results[name].data as Float32Array)]),
    )
  }

  protected toOnnx({ dtype, data, shape }: Tensor): OnnxRuntime.Tensor {
    return new this.runtime.Tensor(dtype as 'float32', data as Float32Array, shape)
  }

  protected expectAlive(): void {
    if (this.disposed)
      throw new AlexNetError('engine-failed', `onnx: ${this.program.name}: it has been disposed and cannot run`)
  }

  protected async guard<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw new AlexNetError('engine-failed', `onnx: ${this.program.name}: ${messageOf(error)}`, undefined, {
        cause: error,
      })
    }
  }
}
