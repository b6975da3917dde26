import type { InferenceSession } from 'onnxruntime-common'
import { AlexNetError, messageOf } from '../../errors.js'
import { encodeOnnx } from '../../formats/onnx/encode.js'
import type { OnnxModel } from '../../formats/onnx/model.js'
import type { Program } from '../../graph/program.js'
import type { Tensors } from '../../tensor.js'
import { checkInputs } from '../check.js'
import type { OperatorTiming } from '../engine.js'
import { type OnnxRuntimeModule, type OnnxValues, type SessionOptions, toOnnx } from './onnx-runtime.js'
import type { SessionProfiler } from './session-profiler.js'
import { StepValues } from './step-values.js'

/** How sessions are made here. */
export interface SessionSetup {
  readonly runtime: OnnxRuntimeModule
  readonly options: SessionOptions
  readonly profiler: SessionProfiler | undefined
}

/** What the library runs of a program. */
export interface SessionWork {
  /** The whole program, whose inputs are checked and whose name stands in messages. */
  readonly program: Program
  /** The part of it that the library runs. */
  readonly part: Program
  /** That part as a model, when a session is made: with inputs in the place of what is computed here at every step. */
  readonly model: (part: Program) => OnnxModel
}

/** A session of ONNX Runtime, made when it is needed. The state is its owner's: it comes in with every run. */
export class OnnxSession {
  private readonly stepValues: StepValues
  private session: InferenceSession | undefined
  private isDisposed = false

  constructor(
    private readonly setup: SessionSetup,
    private readonly work: SessionWork,
  ) {
    this.stepValues = new StepValues(work.part)
  }

  /** @throws AlexNetError `engine-failed` when ONNX Runtime refuses the model, or after `dispose`. */
  async open(): Promise<InferenceSession> {
    this.expectAlive()
    const { runtime, options, profiler } = this.setup
    this.session ??= await this.guard(async () =>
      runtime.InferenceSession.create(encodeOnnx(this.work.model(this.stepValues.program)), {
        ...options,
        ...(await profiler?.begin()),
      }),
    )
    return this.session
  }

  /** One run: those of a step's inputs that the library's part asks for, and the state. */
  async run(inputs: Tensors, state: OnnxValues): Promise<OnnxValues> {
    const { runtime, profiler } = this.setup
    const session = await this.open()
    checkInputs(this.work.program, inputs)
    const given = this.stepValues.with(inputs)
    const own = Object.keys(this.stepValues.program.inputs).map((name) => [name, toOnnx(runtime, given[name])])
    const start = performance.now()
    const results = await this.guard(() => session.run({ ...Object.fromEntries(own), ...state }))
    profiler?.ran(performance.now() - start)
    return results
  }

  /** Ends the session; the next run makes another, of the model as it is then. */
  async release(): Promise<void> {
    const session = this.session
    this.session = undefined
    if (session) await this.setup.profiler?.end(session)
    await session?.release()
  }

  /** A profile is complete when its session has ended; the next step opens another. */
  async timings(): Promise<readonly OperatorTiming[]> {
    await this.release()
    return this.setup.profiler?.timings() ?? []
  }

  async dispose(): Promise<void> {
    this.isDisposed = true
    await this.release()
  }

  expectAlive(): void {
    if (this.isDisposed)
      throw new AlexNetError('engine-failed', `onnx: ${this.work.program.name}: it has been disposed and cannot run`)
  }

  /** Gives the library's errors our class and the program's name. */
  async guard<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw new AlexNetError('engine-failed', `onnx: ${this.work.program.name}: ${messageOf(error)}`, undefined, {
        cause: error,
      })
    }
  }
}
