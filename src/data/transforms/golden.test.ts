import { describe, expect, it } from 'vitest'
import { fill, readGolden, type TensorSpec } from '../../../tests/support/golden.js'
import { float32, type Shape, type Tensor } from '../../tensor.js'
import { type Box, resizedCrop } from './random-resized-crop.js'
import { resize } from './resize.js'
import { rotate } from './rotation.js'

type GoldenCase = {
  readonly name: string
  readonly picture: TensorSpec
  readonly output: { readonly shape: Shape; readonly values: readonly (number | null)[] }
} & (
  | { readonly kind: 'resize' | 'resizeBytes'; readonly height: number; readonly width: number }
  | { readonly kind: 'resizedCrop'; readonly box: readonly [number, number, number, number]; readonly size: number }
  | { readonly kind: 'rotate' | 'rotateInside'; readonly degrees: number }
)

function transformed(golden: GoldenCase): Tensor<'float32'> {
  const { shape, data } = fill(golden.picture)
  const picture = float32(shape, Float32Array.from(data))
  switch (golden.kind) {
    case 'resize':
    case 'resizeBytes':
      return resize(picture, golden.height, golden.width)
    case 'resizedCrop': {
      const [top, left, height, width] = golden.box
      return resizedCrop(picture, { top, left, height, width } satisfies Box, golden.size)
    }
    case 'rotate':
    case 'rotateInside':
      return rotate(picture, golden.degrees)
  }
}

describe('Pillow and scikit-image make the same of a picture', () => {
  it.each(readGolden<GoldenCase>('transforms').cases)('$name', (golden) => {
    const actual = transformed(golden)
    expect(actual.shape).toEqual(golden.output.shape)
    // Pillow rounds bytes after the rows and again after the columns.
    const tolerance = golden.kind === 'resizeBytes' ? 1 : 2e-3
    golden.output.values.forEach((value, i) => {
      if (value !== null) expect(Math.abs(actual.data[i] - value), `value ${i}`).toBeLessThanOrEqual(tolerance)
    })
  })
})
