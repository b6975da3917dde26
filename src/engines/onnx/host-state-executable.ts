import { AlexNetError } from '../../errors.js'
import { allState, type Program } from '../../graph/program.js'
import { float32, sizeOf, type Tensor, type Tensors } from '../../tensor.js'
import { checkState, stateVariable } from '../check.js'
import { OnnxExecutable, type OnnxRuntimeModule, type SessionOptions } from './onnx-executable.js'
import type { SessionProfiler } from './session-profiler.js'

/** A program whose state lies here, in arrays of JavaScript. */
export abstract class HostStateExecutable extends OnnxExecutable {
  protected readonly state = new Map<string, Float32Array>()

  constructor(
    runtime: OnnxRuntimeModule,
    program: Program,
    sessionOptions: SessionOptions,
    profiler: SessionProfiler | undefined,
    graph?: Program,
  ) {
    super(runtime, program, sessionOptions, profiler, graph)
    for (const [name, { current }] of Object.entries(allState(program)))
      this.state.set(name, new Float32Array(sizeOf(current.shape)))
  }

  async readState(names = Object.keys(allState(this.program))): Promise<Tensors> {
    return Object.fromEntries(names.map((name) => [name, this.stateTensor(name, this.stateOf(name).slice())]))
  }

  async writeState(state: Tensors): Promise<void> {
    checkState(this.program, state)
    for (const [name, tensor] of Object.entries(state)) this.state.set(name, Float32Array.from(tensor.data))
  }

  override async dispose(): Promise<void> {
    this.state.clear()
    await super.dispose()
  }

  /** The state without a copy, for the library to read: all of it, or the names given. */
  protected sharedState(names: readonly string[] = [...this.state.keys()]): Tensors {
    return Object.fromEntries(names.map((name) => [name, this.stateTensor(name, this.stateOf(name))]))
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
}
