import type { OneDnn } from '../native/onednn.js'
import { type Measurable, PrimitiveStopwatch } from './stopwatch.js'
import type { Candidate, Tuner } from './tuner.js'

/** A way to compute a node, prepared. */
export interface Kernel extends Candidate, Measurable {
  /** Of larger rounding errors: not taken where the user does not want such, unless an earlier executable had it. */
  readonly isRough?: boolean
  /** The conversion that its operand needs first. */
  readonly conversion?: Measurable
}

/** Chooses kernels for one program. */
export class KernelChooser {
  private readonly stopwatch: PrimitiveStopwatch

  /** @param takesRough Whether kernels of larger rounding errors may be taken. */
  constructor(
    dnn: OneDnn,
    private readonly tuner: Tuner,
    private readonly takesRough: boolean,
  ) {
    this.stopwatch = new PrimitiveStopwatch(dnn)
  }

  /** @param what What is computed, with all that its time depends on. */
  choose(what: readonly (string | number | readonly number[])[], kernels: readonly Kernel[]): Kernel {
    const key = what.map((part) => (typeof part === 'object' ? part.join('x') : part)).join(' ')
    const allowed = kernels.filter(
      ({ isRough, name }) => !isRough || this.takesRough || this.tuner.recorded(key) === name,
    )
    return this.tuner.choose(key, allowed, (kernel) => this.timeOf(kernel))
  }

  private timeOf({ conversion, ...kernel }: Kernel): number {
    return this.stopwatch.time(kernel) + (conversion ? this.stopwatch.time(conversion) : 0)
  }

  /** Frees the memory of the measurements, before the program asks for its own. */
  dispose(): void {
    this.stopwatch.dispose()
  }
}
