import { AlexNetError } from '../../errors.js'
import { formatShape, type Shape, sizeOf } from '../../tensor.js'
import { floats, type Operator } from '../operator.js'

/** The same values under another shape, in the same row-major order. */
export const reshape: Operator<{ readonly shape: Shape }> = {
  name: 'reshape',
  infer([x], { shape }) {
    if (sizeOf(x.shape) !== sizeOf(shape))
      throw new AlexNetError('invalid-shape', `reshape: ${formatShape(x.shape)} does not fit ${formatShape(shape)}`)
    return floats(shape)
  },
  gradient: (graph, node, outputGradient) => [graph.add(reshape, [outputGradient], { shape: node.inputs[0].shape })],
  evaluate(_node, [x], y) {
    y.set(x)
  },
}
