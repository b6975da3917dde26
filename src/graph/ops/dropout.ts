import { expectDType, expectShape, floats, type Operator } from '../operator.js'

/**
 * Inverted dropout: y = x · mask / (1 − rate), with a mask of 0 and 1 given from outside (uint8, the shape of x), where
 * 1 has the probability 1 − rate. Kept values are scaled up, so that nothing needs to be done at test time. The paper
 * scales by 0.5 at test time instead: equal in expectation.
 *
 * It is linear in x, so its gradient is the same operator with the same mask.
 */
export const dropout: Operator<{ readonly rate: number }> = {
  name: 'dropout',
  elementwise: true,
  infer([x, mask], _attributes) {
    expectDType('dropout', 'a mask', mask, 'uint8')
    expectShape('dropout', 'a mask', mask, x.shape)
    return floats(x.shape)
  },
  gradient: (graph, node, outputGradient) => [
    graph.add(dropout, [outputGradient, node.inputs[1]], node.attributes),
    undefined,
  ],
  evaluate(node, [x, mask], y) {
    for (let i = 0; i < y.length; i++) y[i] = (x[i] * mask[i]) / (1 - node.attributes.rate)
  },
}
