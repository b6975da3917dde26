import type { Program } from '../../graph/program.js'
import type { Tensors } from '../../tensor.js'
import type { Executable, OperatorTiming } from '../engine.js'
import { HostState } from './host-state.js'
import { lowerProgram } from './lower-program.js'
import { fromOnnx } from './onnx-runtime.js'
import { OnnxSession, type SessionSetup } from './onnx-session.js'

/**
 * A program whose state never changes by itself: the weights are constants of the graph, for which ONNX Runtime chooses
 * faster layouts. The session is made when the weights are known, at the first run after they were written.
 */
export class ConstantStateExecutable implements Executable {
  private readonly state: HostState
  private readonly session: OnnxSession

  constructor(
    setup: SessionSetup,
    private readonly program: Program,
    target: 'cpu' | 'webgpu',
  ) {
    this.state = new HostState(program)
    const model = (part: Program) => lowerProgram(part, { target, constants: this.state.shared() })
    this.session = new OnnxSession(setup, { program, part: program, model })
  }

  async run(inputs: Tensors): Promise<Tensors> {
    return fromOnnx(this.program, await this.session.run(inputs, {}))
  }

  async readState(names?: readonly string[]): Promise<Tensors> {
    return this.state.read(names)
  }

  async writeState(state: Tensors): Promise<void> {
    this.state.write(state)
    await this.session.release()
  }

  timings(): Promise<readonly OperatorTiming[]> {
    return this.session.timings()
  }

  async dispose(): Promise<void> {
    this.state.dispose()
    await this.session.dispose()
  }
}
