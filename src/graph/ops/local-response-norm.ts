import { AlexNetError } from '../../errors.js'
import type { ValueType } from '../node.js'
import { expectRank, expectShape, floats, type Operator, type Values } from '../operator.js'

/**
 * # Local response normalisation
 *
 * A neuron that responds strongly damps its neighbours (Krizhevsky, Sutskever, Hinton 2012, section 3.3):
 *
 *     b_i = a_i / s_i^β        s_i = k + α · Σ_{j ∈ window of i} a_j²
 *
 * `across: 'channels'`: the window is the n = `size` channels around i at the same place (from i − ⌊n/2⌋, clipped at
 * the ends); this is the paper's. `across: 'map'`: the size×size places around i in the same channel (cuda-convnet's
 * `rnorm`). Outside there is nothing to add.
 *
 * **The convention of α.** Here α multiplies the *sum*, as in the paper's formula. The authors' code, Caffe, PyTorch and
 * cuda-convnet multiply the *mean*: their α is `size` (or size², within a map) times ours. The layer `lrn` takes either.
 *
 * Gradient, g being that of b. a_i acts on its own b_i directly, and on each b_j whose window holds i through s_j:
 *
 *     ∂L/∂a_i = g_i · s_i^−β − 2·α·β · a_i · Σ_{j: i ∈ window of j} g_j · a_j · s_j^(−β−1)
 */
export type LocalResponseNormAttributes = {
  readonly size: number
  readonly alpha: number
  readonly beta: number
  readonly k: number
  readonly across: 'channels' | 'map'
}

/** a (N, C, H, W) → b of the same shape. */
export const localResponseNorm: Operator<LocalResponseNormAttributes> = {
  name: 'localResponseNorm',
  infer([a], { size, across }) {
    expectRank('localResponseNorm', 'pictures', a, 4)
    if (across === 'map' && size % 2 === 0)
      throw new AlexNetError('invalid-shape', `localResponseNorm: a window within a map has an odd size, got ${size}`)
    return floats(a.shape)
  },
  gradient: (graph, node, outputGradient) => [
    graph.add(localResponseNormGradient, [node.inputs[0], outputGradient], node.attributes),
  ],
  evaluate(node, [a], b) {
    const s = scales(node, a, node.attributes)
    for (let i = 0; i < b.length; i++) b[i] = a[i] / s[i] ** node.attributes.beta
  },
}

/** a, g (the gradient of b) → the gradient of a. */
export const localResponseNormGradient: Operator<LocalResponseNormAttributes> = {
  name: 'localResponseNormGradient',
  infer([a, g]) {
    expectShape('localResponseNormGradient', 'output gradient', g, a.shape)
    return floats(a.shape)
  },
  evaluate(node, [a, g], da) {
    const { alpha, beta } = node.attributes
    const s = scales(node, a, node.attributes)
    for (let i = 0; i < da.length; i++) da[i] = g[i] / s[i] ** beta
    visitNeighbours(node, node.attributes, (j, i) => {
      da[i] -= 2 * alpha * beta * a[i] * g[j] * a[j] * s[j] ** (-beta - 1)
    })
  },
}

/** s_i = k + α · Σ a_j² for every i. */
function scales(type: ValueType, a: Values, attributes: LocalResponseNormAttributes): Float64Array {
  const s = new Float64Array(a.length).fill(attributes.k)
  visitNeighbours(type, attributes, (i, j) => {
    s[i] += attributes.alpha * a[j] * a[j]
  })
  return s
}

/** Calls `visit` with each flat index and each index in its window. */
function visitNeighbours(
  { shape: [pictures, channels, height, width] }: ValueType,
  { size, across }: LocalResponseNormAttributes,
  visit: (i: number, neighbour: number) => void,
): void {
  const before = Math.floor(size / 2)
  const index = (n: number, c: number, row: number, column: number) =>
    ((n * channels + c) * height + row) * width + column
  const range = (centre: number, limit: number) => ({
    from: Math.max(0, centre - before),
    to: Math.min(limit, centre - before + size),
  })
  for (let n = 0; n < pictures; n++)
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          if (across === 'channels') {
            const { from, to } = range(c, channels)
            for (let d = from; d < to; d++) visit(index(n, c, i, j), index(n, d, i, j))
            continue
          }
          const rows = range(i, height)
          const columns = range(j, width)
          for (let k = rows.from; k < rows.to; k++)
            for (let l = columns.from; l < columns.to; l++) visit(index(n, c, i, j), index(n, c, k, l))
        }
}
