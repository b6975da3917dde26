import type { OperatorTiming } from './engine.js'

/** Sums what the operators of each layer cost. */
export class OperatorTimer {
  private readonly sums = new Map<string, { layer: string; operator: string; calls: number; milliseconds: number }>()

  /** Counts one call. What belongs to no layer (the softmax of inference) is the `program`'s. */
  add(layer: string, operator: string, milliseconds: number): void {
    const key = `${layer}/${operator}`
    const sum = this.sums.get(key) ?? { layer: layer || 'program', operator, calls: 0, milliseconds: 0 }
    sum.calls++
    sum.milliseconds += milliseconds
    this.sums.set(key, sum)
  }

  timings(): readonly OperatorTiming[] {
    return [...this.sums.values()].map((sum) => ({ ...sum }))
  }
}
