import { AlexNetError } from '../../errors.js'

/** Where a window of a convolution or pooling stands: `kernel` wide, moved by `stride`, over an axis padded by `padding`. */
export interface Window {
  readonly kernel: number
  readonly stride: number
  readonly padding: number
}

/**
 * The number of places of a window along an axis of `size`.
 *
 * Floor: only windows that lie wholly inside the padded axis. Ceil: one more where something is left over, as long as
 * it starts inside the axis or its left padding (PyTorch's and cuda-convnet's rule).
 * @throws AlexNetError `invalid-shape` when not even one fits.
 */
export function windowCount(op: string, size: number, { kernel, stride, padding }: Window, ceil = false): number {
  const room = size + 2 * padding - kernel
  if (room < 0 && !(ceil && room > -stride))
    throw new AlexNetError(
      'invalid-shape',
      `${op}: kernel ${kernel} is larger than the input ${size}${padding > 0 ? ` with padding ${padding}` : ''}`,
      'Use larger pictures (--image-size) or a model for small pictures, such as alexnet-cifar.',
    )
  if (!ceil) return Math.floor(room / stride) + 1
  const count = Math.ceil(room / stride) + 1
  return (count - 1) * stride >= size + padding ? count - 1 : count
}
