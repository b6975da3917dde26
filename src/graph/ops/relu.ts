import { expectShape, floats, type Operator } from '../operator.js'

type NoAttributes = Readonly<Record<string, never>>

/** y = max(0, x), any shape. */
export const relu: Operator<NoAttributes> = {
  name: 'relu',
  infer: ([x]) => floats(x.shape),
  gradient: (graph, node, outputGradient) => [graph.add(reluGradient, [outputGradient, node], {})],
  evaluate(_node, [x], y) {
    for (let i = 0; i < y.length; i++) y[i] = Math.max(0, x[i])
  },
}

/** g where y > 0, else 0. It needs the output y only, so an engine may let y overwrite x. At x = 0 the gradient is 0. */
export const reluGradient: Operator<NoAttributes> = {
  name: 'reluGradient',
  infer([g, y]) {
    expectShape('reluGradient', 'output gradient', g, y.shape)
    return floats(y.shape)
  },
  evaluate(_node, [g, y], dx) {
    for (let i = 0; i < dx.length; i++) dx[i] = y[i] > 0 ? g[i] : 0
  },
}
