import type { Program } from '../../graph/program.js'
import type { Tensors } from '../../tensor.js'
import type { Executable, OperatorTiming } from '../engine.js'
import type { GradientTreatment } from '../gradient-treatment.js'
import { WasmUpdate } from '../update/wasm-update.js'
import { HostState } from './host-state.js'
import { lowerProgram, nextName } from './lower-program.js'
import { fromOnnx, toOnnx } from './onnx-runtime.js'
import { OnnxSession, type SessionSetup } from './onnx-session.js'
import { gradientOutput, withGradientsAsOutputs } from './training-part.js'

/**
 * A program whose state changes, on the processor: the state goes in as inputs; what comes out are the gradients, for the
 * update that is done here, and the next values of what the program itself advances.
 */
export class TrainingExecutable implements Executable {
  private readonly state: HostState
  private readonly update: WasmUpdate
  private readonly session: OnnxSession
  /** The states that the library's part advances by itself: statistics of a normalisation. */
  private readonly advancing: readonly string[]

  constructor(
    private readonly setup: SessionSetup,
    private readonly program: Program,
    private readonly treatGradients: GradientTreatment | undefined,
  ) {
    this.update = new WasmUpdate(program)
    this.state = new HostState(program, this.update.state)
    const advancing = Object.keys(program.state).filter((name) => program.state[name].next)
    this.advancing = advancing
    const model = (part: Program) => lowerProgram(part, { next: advancing })
    this.session = new OnnxSession(setup, { program, part: withGradientsAsOutputs(program), model })
  }

  /** Compiles the program now, so that its errors come from `compile`. */
  async prepare(): Promise<void> {
    await this.session.open()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const { runtime, profiler } = this.setup
    this.session.expectAlive()
    const read = Object.entries(this.state.shared(Object.keys(this.program.state)))
    const state = Object.fromEntries(read.map(([name, tensor]) => [name, toOnnx(runtime, tensor)]))
    const results = await this.session.run(inputs, state)
    const start = performance.now()
    const valuesOf = (output: string) => results[output].data as Float32Array
    const { gradients } = this.update
    for (const [name, values] of Object.entries(gradients)) values.set(valuesOf(gradientOutput(name)))
    this.treatGradients?.(gradients)
    this.update.apply(inputs)
    for (const name of this.advancing) this.update.state.get(name)!.set(valuesOf(nextName(name)))
    profiler?.timer.add('update', 'update', performance.now() - start)
    return fromOnnx(this.program, results)
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
    this.update.dispose()
    await this.session.dispose()
  }
}
