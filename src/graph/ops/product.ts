import { expectShape, floats, type Operator } from '../operator.js'

/** The product of two scalars: a rate times its multiplier, say. */
export const product: Operator<Readonly<Record<string, never>>> = {
  name: 'product',
  elementwise: true,
  float32: 'all',
  infer([a, b]) {
    expectShape('product', 'a scalar', a, [])
    expectShape('product', 'a scalar', b, [])
    return floats([])
  },
  gradient: (graph, node, outputGradient) => [
    graph.add(product, [outputGradient, node.inputs[1]], {}),
    graph.add(product, [outputGradient, node.inputs[0]], {}),
  ],
  evaluate(_node, [a, b], y) {
    y[0] = a[0] * b[0]
  },
}
