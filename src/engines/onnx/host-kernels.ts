import type { Node } from '../../graph/node.js'
import type { Operator, Values } from '../../graph/operator.js'
import { operatorOf } from '../../graph/ops/index.js'

/** What an operator reads: a scalar, or so many values as the target has. */
export type Operand = number | Float32Array

/** An elementwise operator on a piece of its operands; the target may be one of them. */
export type Kernel = (operands: readonly Operand[], target: Float32Array, node: Node) => void

/** The operators of updates, as loops that the compiler of JavaScript makes fast. */
const kernels: Readonly<Record<string, Kernel>> = {
  linearCombination(operands, target) {
    if (operands.length === 6) combineThree(operands, target)
    else if (operands.length === 4) combineTwo(operands, target)
    else combine(operands, target)
  },

  product([a, b], target) {
    const x = a as Float32Array
    const y = b as Float32Array
    for (let i = 0; i < target.length; i++) target[i] = x[i] * y[i]
  },

  adamDirection([first, second, correction], target, { attributes }) {
    const m = first as Float32Array
    const v = second as Float32Array
    const c = correction as number
    const epsilon = Number(attributes.epsilon)
    for (let i = 0; i < target.length; i++) target[i] = m[i] / (Math.sqrt(v[i] / c) + epsilon)
  },
}

/** The loop of an elementwise operator; one that has none here runs by its own definition, several times as slowly. */
export function kernelOf(node: Node): Kernel {
  return kernels[node.op] ?? byDefinition
}

function byDefinition(operands: readonly Operand[], target: Float32Array, node: Node): void {
  const operator = operatorOf(node) as Operator

  const inputs = operands.map((operand): Values => (typeof operand === 'number' ? Float64Array.of(operand) : operand))
  const result = new Float64Array(target.length)
  operator.evaluate({ ...node, shape: [target.length] }, inputs, result)
  target.set(result)
}

/** One pass for two or three terms, which is what the update of SGD needs. */
function combineTwo(operands: readonly Operand[], target: Float32Array): void {
  const [p, x, q, y] = operands as [number, Float32Array, number, Float32Array]
  for (let i = 0; i < target.length; i++) target[i] = p * x[i] + q * y[i]
}

function combineThree(operands: readonly Operand[], target: Float32Array): void {
  const [p, x, q, y, r, z] = operands as [number, Float32Array, number, Float32Array, number, Float32Array]
  for (let i = 0; i < target.length; i++) target[i] = p * x[i] + q * y[i] + r * z[i]
}

function combine(operands: readonly Operand[], target: Float32Array): void {
  for (let i = 0; i < target.length; i++) {
    let sum = 0
    for (let term = 0; term < operands.length; term += 2)
      sum += (operands[term] as number) * (operands[term + 1] as Float32Array)[i]
    target[i] = sum
  }
}
