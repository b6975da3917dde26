import type { Program } from '../../graph/program.js'
import type { Tensors } from '../../tensor.js'
import type { Executable, OperatorTiming } from '../engine.js'
import { HostState } from './host-state.js'
import { type HostUpdate, splitUpdate } from './host-update.js'
import { lowerProgram } from './lower-program.js'
import { fromOnnx, toOnnx } from './onnx-runtime.js'
import { OnnxSession, type SessionSetup } from './onnx-session.js'

/** A training step on the processor: parameters go in as inputs, gradients come out, and the update is done here. */
export class HostUpdateExecutable implements Executable {
  private readonly state: HostState
  private readonly update: HostUpdate
  private readonly session: OnnxSession

  constructor(
    private readonly setup: SessionSetup,
    private readonly program: Program,
  ) {
    this.state = new HostState(program)
    this.update = splitUpdate(program)
    const { device } = this.update
    this.session = new OnnxSession(setup, { program, part: device, model: () => lowerProgram(device) })
  }

  /** Compiles the program now, so that its errors come from `compile`. */
  async prepare(): Promise<void> {
    await this.session.open()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const { runtime, profiler } = this.setup
    const { device } = this.update
    this.session.expectAlive()
    const read = Object.entries(this.state.shared(Object.keys(device.state)))
    const state = Object.fromEntries(read.map(([name, tensor]) => [name, toOnnx(runtime, tensor)]))
    const results = fromOnnx(device, await this.session.run(inputs, state))
    const start = performance.now()
    this.update.apply(this.state.arrays, inputs, results)
    profiler?.timer.add('update', 'update', performance.now() - start)
    return Object.fromEntries(Object.keys(this.program.outputs).map((name) => [name, results[name]]))
  }

  async readState(names?: readonly string[]): Promise<Tensors> {
    return this.state.read(names)
  }

  async writeState(state: Tensors): Promise<void> {
    this.state.write(state)
  }

  timings(): Promise<readonly OperatorTiming[]> {
    return this.session.timings()
  }

  async dispose(): Promise<void> {
    this.state.dispose()
    await this.session.dispose()
  }
}
