import type { ValueType } from '../node.js'
import { expectRank, floats } from '../operator.js'
import { windowCount } from './window.js'

export type PoolingAttributes = {
  readonly kernel: number
  readonly stride: number
  /** Keep a last window that reaches over the border (it is clipped there). */
  readonly ceil: boolean
}

/** The output type of a pooling: x (N, C, H, W) → (N, C, H', W'). */
export function pooledType(op: string, x: ValueType, { kernel, stride, ceil }: PoolingAttributes): ValueType {
  expectRank(op, 'pictures', x, 4)
  const [n, c, height, width] = x.shape
  const window = { kernel, stride, padding: 0 }
  return floats([n, c, windowCount(op, height, window, ceil), windowCount(op, width, window, ceil)])
}

/** Calls `visit` for each output of a pooling with its flat index and the flat indices of the inputs in its window. */
export function visitWindows(
  x: ValueType,
  y: ValueType,
  { kernel, stride }: PoolingAttributes,
  visit: (yi: number, window: readonly number[]) => void,
): void {
  const [pictures, channels, height, width] = x.shape
  const [, , outputHeight, outputWidth] = y.shape
  for (let plane = 0; plane < pictures * channels; plane++)
    for (let i = 0; i < outputHeight; i++)
      for (let j = 0; j < outputWidth; j++) {
        const window: number[] = []
        for (let row = i * stride; row < Math.min(i * stride + kernel, height); row++)
          for (let column = j * stride; column < Math.min(j * stride + kernel, width); column++)
            window.push((plane * height + row) * width + column)
        visit((plane * outputHeight + i) * outputWidth + j, window)
      }
}
