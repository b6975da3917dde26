import type { Program } from '../../graph/program.js'
import type { Tensors } from '../../tensor.js'
import { HostStateExecutable } from './host-state-executable.js'
import { lowerProgram } from './lower-program.js'
import type { OnnxRuntimeModule, SessionOptions } from './onnx-executable.js'
import type { SessionProfiler } from './session-profiler.js'

/**
 * A program whose state never changes by itself: the weights are constants of the graph, for which ONNX Runtime chooses
 * faster layouts. The session is made when the weights are known, at the first run after they were written.
 */
export class ConstantStateExecutable extends HostStateExecutable {
  constructor(
    runtime: OnnxRuntimeModule,
    program: Program,
    sessionOptions: SessionOptions,
    profiler: SessionProfiler | undefined,
    private readonly target: 'cpu' | 'webgpu',
  ) {
    super(runtime, program, sessionOptions, profiler)
  }

  override async writeState(state: Tensors): Promise<void> {
    await super.writeState(state)
    await this.releaseSession()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const session = await this.openSession(() =>
      lowerProgram(this.stepValues.program, { target: this.target, constants: this.sharedState() }),
    )
    return this.fromOnnx(this.program, await this.runSession(session, this.stepValues.program, inputs, {}))
  }
}
