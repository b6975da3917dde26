import { AlexNetError } from '../../errors.js'
import { expectShape, floats, type Operator } from '../operator.js'

/** Sums over the given axes, which vanish: the gradient of a bias that is added everywhere. */
export const sumOver: Operator<{ readonly axes: readonly number[] }> = {
  name: 'sumOver',
  float32: 'result',

  infer([x], { axes }) {
    for (const axis of axes)
      if (axis < 0 || axis >= x.shape.length)
        throw new AlexNetError('invalid-shape', `sumOver: axis ${axis} is not one of the ${x.shape.length} axes`)
    return floats(x.shape.filter((_, axis) => !axes.includes(axis)))
  },

  gradient(graph, node, outputGradient) {
    return [graph.add(broadcastOver, [outputGradient], { axes: node.attributes.axes, shape: node.inputs[0].shape })]
  },

  evaluate(node, [x], y) {
    visitPairs(node.inputs[0].shape, node.attributes.axes, (full, reduced) => {
      y[reduced] += x[full]
    })
  },
}

/** Repeats a value along the given new axes of `shape`: the opposite of `sumOver`, and its gradient. */
export const broadcastOver: Operator<{ readonly axes: readonly number[]; readonly shape: readonly number[] }> = {
  name: 'broadcastOver',
  float32: 'all',

  infer([x], { axes, shape }) {
    expectShape(
      'broadcastOver',
      'an input',
      x,
      shape.filter((_, axis) => !axes.includes(axis)),
    )
    return floats(shape)
  },

  gradient(graph, node, outputGradient) {
    return [graph.add(sumOver, [outputGradient], { axes: node.attributes.axes })]
  },

  evaluate(node, [x], y) {
    visitPairs(node.shape, node.attributes.axes, (full, reduced) => {
      y[full] = x[reduced]
    })
  },
}

/** Calls `visit` with each flat index into `shape` and the index that it has once `axes` are gone. */
function visitPairs(
  shape: readonly number[],
  axes: readonly number[],
  visit: (full: number, reduced: number) => void,
): void {
  const size = shape.reduce((a, b) => a * b, 1)
  for (let full = 0; full < size; full++) {
    let rest = full
    let reduced = 0
    let step = 1
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const position = rest % shape[axis]
      rest = Math.floor(rest / shape[axis])
      if (axes.includes(axis)) continue
      reduced += position * step
      step *= shape[axis]
    }
    visit(full, reduced)
  }
}
