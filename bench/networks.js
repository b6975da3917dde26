/** How the scripts of the JavaScript peers read a network of this project, which is plain data. Also for a browser. */
import { parametersOf as placedParametersOf } from '../dist/index.js'

/** Rows and columns that a last window reaches over the border: cuda-convnet's pooling. */
export function overhang(size, { kernel, stride, ceil }) {
  if (!ceil) return 0
  const windows = Math.ceil((size - kernel) / stride) + 1
  return Math.max(0, (windows - 1) * stride + kernel - size)
}

/** The layers of a network in order, with the flattening between its parts. */
export function layersOf({ features, classifier }) {
  return [...features, { kind: 'flatten' }, ...classifier]
}

/** Weights and biases in the order of the layers, in PyTorch's layout, and how far they spread. */
export function parametersOf(model) {
  return placedParametersOf(model).map(({ shape, fanIn }) => ({
    shape,
    deviation: shape.length > 1 ? 1 / Math.sqrt(fanIn) : 0,
  }))
}

/** `size` values that are no trouble to anyone: uniform, of the given deviation. */
export function uniform(size, deviation) {
  return Float32Array.from({ length: size }, () => (2 * Math.random() - 1) * Math.sqrt(3) * deviation)
}
