import { type Attributes, GraphBuilder, interpret, type Node, type Operator, type Tensor } from 'alexnet'

/**
 * Applies one operator of the library to values, by its own definition in plain loops.
 * @returns The output's values, row by row.
 */
export function applyOperator<A extends Attributes>(
  operator: Operator<A>,
  inputs: readonly Tensor[],
  attributes: A,
): { readonly shape: readonly number[]; readonly values: ArrayLike<number> } {
  const graph = new GraphBuilder(operator.name)
  const names = inputs.map((_, i) => `input ${i}`)
  const nodes = inputs.map(({ shape, dtype }, i): Node => {
    if (dtype === 'float64') throw new TypeError('a graph has no float64 inputs')
    return graph.input(names[i], shape, dtype)
  })
  const program = graph.program({ outputs: { y: graph.add(operator, nodes, attributes) } })
  const given = Object.fromEntries(inputs.map((tensor, i) => [names[i], tensor]))
  return { shape: program.outputs.y.shape, values: interpret(program, given, {}).outputs.y }
}
