import type { Program } from '../../graph/program.js'
import type { Tensors } from '../../tensor.js'
import type { GradientTreatment } from '../gradient-treatment.js'
import { HostStateExecutable } from './host-state-executable.js'
import { HostUpdate } from './host-update.js'
import { lowerProgram, nextName } from './lower-program.js'
import type { OnnxRuntimeModule, SessionOptions } from './onnx-executable.js'
import type { SessionProfiler } from './session-profiler.js'

/**
 * A program whose state changes, on the processor: the state goes in as inputs; what comes out are the gradients, for the
 * update that is done here, and the next values of what the program itself advances.
 */
export class TrainingExecutable extends HostStateExecutable {
  private readonly update: HostUpdate | undefined
  private readonly gradients: Readonly<Record<string, string>>
  private readonly advancing: readonly string[]

  constructor(
    runtime: OnnxRuntimeModule,
    program: Program,
    sessionOptions: SessionOptions,
    profiler: SessionProfiler | undefined,
    private readonly treatGradients: GradientTreatment | undefined,
  ) {
    super(runtime, program, sessionOptions, profiler, withGradientsAsOutputs(program))
    this.update = program.update && new HostUpdate(program.update)
    this.gradients = Object.fromEntries(
      Object.keys(program.gradients ?? {}).map((name) => [name, gradientOutput(name)]),
    )
    this.advancing = Object.keys(program.state).filter((name) => program.state[name].next)
  }

  /** Compiles the program now, so that its errors come from `compile`. */
  async prepare(): Promise<void> {
    await this.open()
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const { program: device } = this.stepValues
    const session = await this.open()
    const read = Object.entries(this.sharedState(Object.keys(device.state)))
    const state = Object.fromEntries(read.map(([name, tensor]) => [name, this.toOnnx(tensor)]))
    const results = await this.runSession(session, device, inputs, state)
    const start = performance.now()
    const valuesOf = (output: string) => results[output].data as Float32Array
    const gradients = mapValues(this.gradients, valuesOf)
    this.treatGradients?.(gradients)
    this.update?.apply(this.state, inputs, gradients)
    for (const name of this.advancing) this.state.set(name, valuesOf(nextName(name)))
    this.profiler?.timer.add('update', 'update', performance.now() - start)
    return this.fromOnnx({ outputs: this.program.outputs }, results)
  }

  private open() {
    return this.openSession(() => lowerProgram(this.stepValues.program, { next: this.advancing }))
  }
}

const gradientOutput = (parameter: string): string => `gradient of ${parameter}`

/** The part of a program that the library runs: its gradients are outputs among others. */
function withGradientsAsOutputs({ update: _, gradients = {}, ...program }: Program): Program {
  const outputs = Object.entries(gradients).map(([name, node]) => [gradientOutput(name), node] as const)
  return { ...program, outputs: { ...program.outputs, ...Object.fromEntries(outputs) } }
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
