import type { Program } from '../../graph/program.js'
import type { Tensors } from '../../tensor.js'
import { HostStateExecutable } from './host-state-executable.js'
import { splitUpdate } from './host-update.js'
import { lowerProgram } from './lower-program.js'
import type { OnnxRuntimeModule, SessionOptions } from './onnx-executable.js'
import type { SessionProfiler } from './session-profiler.js'

/** A training step on the processor: parameters go in as inputs, gradients come out, and the update is done here. */
export class HostUpdateExecutable extends HostStateExecutable {
  private readonly update

  constructor(
    runtime: OnnxRuntimeModule,
    program: Program,
    sessionOptions: SessionOptions,
    profiler: SessionProfiler | undefined,
  ) {
    super(runtime, program, sessionOptions, profiler)
    this.update = splitUpdate(program)
  }

  /** Compiles the program now, so that its errors come from `compile`. */
  async prepare(): Promise<void> {
    await this.open()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const { device } = this.update
    const session = await this.open()
    const read = Object.entries(this.sharedState(Object.keys(device.state)))
    const state = Object.fromEntries(read.map(([name, tensor]) => [name, this.toOnnx(tensor)]))
    const results = this.fromOnnx(device, await this.runSession(session, device, inputs, state))
    const start = performance.now()
    this.update.apply(this.state, inputs, results)
    this.profiler?.timer.add('update', 'update', performance.now() - start)
    return Object.fromEntries(Object.keys(this.program.outputs).map((name) => [name, results[name]]))
  }

  private open() {
    return this.openSession(() => lowerProgram(this.update.device))
  }
}
