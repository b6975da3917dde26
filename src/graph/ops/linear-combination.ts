import { AlexNetError } from '../../errors.js'
import type { Node } from '../node.js'
import { expectShape, floats, type Operator } from '../operator.js'

type NoAttributes = Readonly<Record<string, never>>

/**
 * y = c₀·t₀ + c₁·t₁ + … with scalar coefficients and terms of one shape. Inputs alternate: c₀, t₀, c₁, t₁, …
 *
 * One operator serves the sum of gradients and the whole optimizer update (v ← μ·v + λ·w + g), so that an engine can
 * do it in one pass over memory.
 */
export const linearCombination: Operator<NoAttributes> = {
  name: 'linearCombination',
  elementwise: true,
  float32: 'all',

  infer(inputs) {
    if (inputs.length === 0 || inputs.length % 2 !== 0)
      throw new AlexNetError(
        'invalid-shape',
        `linearCombination: expected pairs of inputs, got ${inputs.length} inputs`,
      )
    inputs.forEach((input, i) => {
      expectShape(
        'linearCombination',
        i % 2 === 0 ? 'a coefficient' : 'a term',
        input,
        i % 2 === 0 ? [] : inputs[1].shape,
      )
    })
    return floats(inputs[1].shape)
  },

  /** ∂y/∂tᵢ = cᵢ. Coefficients are rates and constants: there is no rule for them. */
  gradient(graph, node, outputGradient, wanted) {
    return node.inputs.map((_, i) => {
      if (!wanted[i]) return undefined
      if (i % 2 === 0) throw new AlexNetError('invalid-program', 'linearCombination: a coefficient has no gradient')
      return graph.add(linearCombination, [node.inputs[i - 1], outputGradient], {})
    })
  },

  evaluate(_node, inputs, output) {
    for (let term = 0; term < inputs.length; term += 2) {
      const coefficient = inputs[term][0]
      const values = inputs[term + 1]
      for (let i = 0; i < output.length; i++) output[i] += coefficient * values[i]
    }
  },
}

/** The pairs (coefficient, term) of a `linearCombination` node. */
export function termsOf(node: Node): { coefficient: Node; term: Node }[] {
  return Array.from({ length: node.inputs.length / 2 }, (_, i) => ({
    coefficient: node.inputs[2 * i],
    term: node.inputs[2 * i + 1],
  }))
}
