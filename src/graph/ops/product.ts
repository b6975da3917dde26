import { expectShape, floats, type Operator } from '../operator.js'

/** The product of two values of one shape, element by element: a rate times its multiplier, the square of a gradient. */
export const product: Operator<Readonly<Record<string, never>>> = {
  name: 'product',
  elementwise: true,
  float32: 'all',
  infer([a, b]) {
    expectShape('product', 'a second factor', b, a.shape)
    return floats(a.shape)
  },
  gradient: (graph, node, outputGradient) => [
    graph.add(product, [outputGradient, node.inputs[1]], {}),
    graph.add(product, [outputGradient, node.inputs[0]], {}),
  ],
  evaluate(_node, [a, b], y) {
    for (let i = 0; i < y.length; i++) y[i] = a[i] * b[i]
  },
}
