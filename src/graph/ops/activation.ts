import { expectShape, floats, type Operator } from '../operator.js'

type NoAttributes = Readonly<Record<string, never>>

/** y = max(0, x), any shape. */
export const relu: Operator<NoAttributes> = {
  name: 'relu',
  elementwise: true,
  infer: ([x]) => floats(x.shape),
  gradient: (graph, node, outputGradient) => [graph.add(reluGradient, [outputGradient, node], {})],
  evaluate(_node, [x], y) {
    for (let i = 0; i < y.length; i++) y[i] = Math.max(0, x[i])
  },
}

/** g where y > 0, else 0. It needs the output y only, so an engine may let y overwrite x. At x = 0 the gradient is 0. */
export const reluGradient: Operator<NoAttributes> = {
  name: 'reluGradient',
  elementwise: true,
  infer([g, y]) {
    expectShape('reluGradient', 'output gradient', g, y.shape)
    return floats(y.shape)
  },
  evaluate(_node, [g, y], dx) {
    for (let i = 0; i < dx.length; i++) dx[i] = y[i] > 0 ? g[i] : 0
  },
}

/** y = tanh(x), any shape: the neuron that the paper's figure 1 compares ReLU with. */
export const tanh: Operator<NoAttributes> = {
  name: 'tanh',
  elementwise: true,
  infer: ([x]) => floats(x.shape),
  gradient: (graph, node, outputGradient) => [graph.add(tanhGradient, [outputGradient, node], {})],
  evaluate(_node, [x], y) {
    for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i])
  },
}

/** g · (1 − y²), from the output y. */
export const tanhGradient: Operator<NoAttributes> = {
  name: 'tanhGradient',
  elementwise: true,
  infer([g, y]) {
    expectShape('tanhGradient', 'output gradient', g, y.shape)
    return floats(y.shape)
  },
  evaluate(_node, [g, y], dx) {
    for (let i = 0; i < dx.length; i++) dx[i] = g[i] * (1 - y[i] * y[i])
  },
}
