import { random } from '../../random.js'
import { sizeOf } from '../../tensor.js'
import { expectDType, expectShape, floats, type Operator } from '../operator.js'

/**
 * Inverted dropout: y = x · mask / (1 − rate), with a mask of 0 and 1 (uint8, the shape of x), where 1 has the
 * probability 1 − rate. Kept values are scaled up, so that nothing needs to be done at test time. The paper scales by 0.5
 * at test time instead: equal in expectation.
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

export type DropoutMaskAttributes = {
  /** What the numbers belong to, with the seed and the step: `mask:classifier.0`. */
  readonly name: string
  /** (N, features) or (N, C, H, W) */
  readonly shape: readonly number[]
  /** The share of values that are dropped. */
  readonly rate: number
  readonly seed: number
  /** The place of the first of these N pictures in the whole batch, of which they may be a share. */
  readonly firstPicture: number
}

/**
 * step (int32, a scalar) → a mask of 0 and 1 of the given shape. Each value is a function of the seed, the step, the name,
 * the picture's place in the whole batch and its own place in the picture, so whoever computes a share of a batch draws
 * the numbers that the whole would have drawn.
 */
export const dropoutMask: Operator<DropoutMaskAttributes> = {
  name: 'dropoutMask',
  infer([step], { shape }) {
    expectDType('dropoutMask', 'a step', step, 'int32')
    expectShape('dropoutMask', 'a step', step, [])
    return { shape, dtype: 'uint8' }
  },
  evaluate({ attributes }, [step], mask) {
    drawMask(attributes, step[0], mask)
  },
}

/** Draws one step's mask into `target`. */
export function drawMask(
  { name, shape, rate, seed, firstPicture }: DropoutMaskAttributes,
  step: number,
  target: Uint8Array | Float64Array,
): void {
  random(seed, 'dropout', step, name).fillMask(target, 1 - rate, firstPicture * sizeOf(shape.slice(1)))
}
