import { float32, GraphBuilder, interpret, operators, type Sgd, scalar, updateProgram } from 'alexnet'

/** A valley: L(w) = ½ (w − m) H (w − m)ᵀ. Its floor falls gently, its walls are steep. */
export const lowest = [1.6, 0.6] as const
const HESSIAN = [1.3, -2.1, -2.1, 8.2] as const

export function lossAt(x: number, y: number): number {
  const [dx, dy] = [x - lowest[0], y - lowest[1]]
  return 0.5 * (HESSIAN[0] * dx * dx + 2 * HESSIAN[1] * dx * dy + HESSIAN[3] * dy * dy)
}

export interface Descent {
  readonly sgd: Sgd
  readonly rate: number
  /** The step from which on the rate is a tenth; undefined: never. */
  readonly dropAt: number | undefined
  readonly start: readonly [number, number]
  readonly steps: number
}

export interface Place {
  readonly x: number
  readonly y: number
  readonly loss: number
}

/** Two weights going down the valley by the library's own update rule; the places, from the start on. */
export function descend({ sgd, rate, dropAt, start, steps }: Descent): Place[] {
  const program = descentProgram(sgd)
  const hessian = float32([2, 2], HESSIAN)
  const centre = float32([1, 2], lowest)
  let state: Record<string, ArrayLike<number>> = { w: start, 'velocity:w': [0, 0] }
  const places: Place[] = [{ x: start[0], y: start[1], loss: lossAt(...start) }]
  for (let step = 0; step < steps; step++) {
    const now = dropAt !== undefined && step >= dropAt ? rate / 10 : rate
    state = { ...interpret(program, { hessian, centre, rate: scalar(now) }, state).next }
    const [x, y] = [state.w[0], state.w[1]]
    if (!Number.isFinite(x) || Math.hypot(x, y) > 1e3) break
    places.push({ x, y, loss: lossAt(x, y) })
  }
  return places
}

/** One step: g = (w − m) H, then the update. */
function descentProgram(sgd: Sgd) {
  const graph = new GraphBuilder('descent')
  const shape = [1, 2]
  const w = graph.state('w', shape)
  const hessian = graph.input('hessian', [2, 2])
  const centre = graph.input('centre', shape)
  const difference = graph.add(operators.linearCombination, [graph.constant(1), w, graph.constant(-1), centre], {})
  const gradient = graph.add(operators.matmul, [difference, hessian], { transposeA: false, transposeB: false })
  const parameter = { name: 'w', shape, fanIn: 2, initial: { kind: 'constant', value: 0 }, rate: 1, decay: 1 } as const
  return graph.program({ outputs: {}, gradients: { w: gradient }, update: updateProgram('descent', [parameter], sgd) })
}
