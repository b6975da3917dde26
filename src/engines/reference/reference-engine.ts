import { AlexNetError } from '../../errors.js'
import { operators } from '../../graph/ops/index.js'
import { allState, type Program } from '../../graph/program.js'
import { float32, float64, sizeOf, type Tensors } from '../../tensor.js'
import { checkInputs, checkOperators, checkState, stateVariable } from '../check.js'
import type { Engine, Executable, OperatorTiming } from '../engine.js'
import { type GradientTreatment, loadGradientTreatment } from '../gradient-treatment.js'
import { OperatorTimer } from '../operator-timer.js'
import { engineKind, expectPrecision } from '../registry.js'
import { interpret } from './interpret.js'

/**
 * The specification: interprets the plain loops of the operators in float64. Slow, and easy to believe. Every other
 * engine is tested against it. State is kept as float32, like everywhere, so that a saved state resumes exactly.
 */
export function referenceEngine(): Engine {
  const engine: Engine = {
    name: 'reference',
    precisions: engineKind('reference', 'cpu').precisions,
    async compile(program, options = {}) {
      expectPrecision(engine, options.precision)
      checkOperators(engine.name, program, operators)
      const { profile, gradientTreatment } = options
      return new ReferenceExecutable(
        program,
        profile ? new OperatorTimer() : undefined,
        gradientTreatment === undefined ? undefined : await loadGradientTreatment(gradientTreatment),
      )
    },
  }
  return engine
}

/** Lets what has happened meanwhile be handled: the loops themselves would keep Ctrl-C waiting for the whole training. */
function otherEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve)
  })
}

class ReferenceExecutable implements Executable {
  private readonly state = new Map<string, Float32Array>()
  private disposed = false

  constructor(
    private readonly program: Program,
    private readonly timer: OperatorTimer | undefined,
    private readonly treatGradients: GradientTreatment | undefined,
  ) {
    for (const [name, { current }] of Object.entries(allState(program)))
      this.state.set(name, new Float32Array(sizeOf(current.shape)))
  }

  async run(inputs: Tensors): Promise<Tensors> {
    if (this.disposed)
      throw new AlexNetError('engine-failed', `reference: ${this.program.name}: it has been disposed and cannot run`)
    checkInputs(this.program, inputs, true)
    await otherEvents()
    const { outputs, next } = interpret(this.program, inputs, Object.fromEntries(this.state), {
      onOperator: ({ scope, op }, milliseconds) => this.timer?.add(scope, op, milliseconds),
      onGradients: (gradients) => this.treatGradients?.(gradients as Readonly<Record<string, Float64Array>>),
    })
    for (const [name, values] of Object.entries(next)) this.state.set(name, Float32Array.from(values))
    return Object.fromEntries(
      Object.entries(this.program.outputs).map(([name, { shape }]) => [
        name,
        float64(shape, Float64Array.from(outputs[name])),
      ]),
    )
  }

  async readState(names = Object.keys(allState(this.program))): Promise<Tensors> {
    return Object.fromEntries(
      names.map((name) => {
        const { current } = stateVariable(this.program, name)
        return [name, float32(current.shape, this.state.get(name)!.slice())]
      }),
    )
  }

  async writeState(state: Tensors): Promise<void> {
    checkState(this.program, state)
    for (const [name, tensor] of Object.entries(state)) this.state.set(name, Float32Array.from(tensor.data))
  }

  async timings(): Promise<readonly OperatorTiming[]> {
    return this.timer?.timings() ?? []
  }

  async dispose(): Promise<void> {
    this.state.clear()
    this.disposed = true
  }
}
