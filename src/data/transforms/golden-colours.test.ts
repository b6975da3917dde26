import { describe, expect, it } from 'vitest'
import { fill, readGolden, type TensorSpec } from '../../../tests/support/golden.js'
import { type RandomStream, random } from '../../random.js'
import type { Shape } from '../../tensor.js'
import { colourJitterKind } from './colour-jitter.js'
import { Geometry } from './geometry.js'
import { grayscaleKind } from './grayscale.js'
import { sameLevels } from './levels.js'
import { randAugmentKind } from './rand-augment.js'
import { sampleColoured } from './sample-coloured.js'
import type { PictureUse } from './transform-kind.js'

type GoldenCase = {
  readonly name: string
  readonly picture: TensorSpec
  readonly output: { readonly shape: Shape; readonly values: readonly number[] }
} & (
  | { readonly kind: 'jitter'; readonly order: readonly number[]; readonly factors: readonly (number | null)[] }
  | { readonly kind: 'grayscale' }
  | { readonly kind: 'augment'; readonly operation: number; readonly magnitude: number; readonly negative: boolean }
)

/** A stream that draws what is wanted. */
function drawing(wanted: Partial<RandomStream>): RandomStream {
  return Object.assign(random(1, 'test'), wanted)
}

function train(golden: GoldenCase, use: PictureUse): void {
  if (golden.kind === 'grayscale') grayscaleKind.train({ kind: 'grayscale', probability: 1 }, use, drawing({}))
  else if (golden.kind === 'jitter') {
    const factors = golden.factors.map((factor, n) => factor ?? (n === 3 ? 0 : 1))
    const stream = drawing({
      permutation: () => Uint32Array.from(golden.order),
      between: () => factors.shift()!,
    })
    colourJitterKind.train({ kind: 'colour-jitter', brightness: 1, contrast: 1, saturation: 1, hue: 0.5 }, use, stream)
  } else {
    const { operation, magnitude, negative } = golden
    const stream = drawing({ integer: () => operation, chance: () => negative })
    randAugmentKind.train({ kind: 'rand-augment', operations: 1, magnitude }, use, stream)
  }
}

/** What a kind makes of a picture; black outside. */
function transformed(golden: GoldenCase): Float32Array {
  const { shape, data } = fill(golden.picture)
  const [channels, height, width] = shape
  const use: PictureUse = { geometry: new Geometry(height, width), colours: [], shift: [0, 0, 0], passes: [] }
  train(golden, use)
  const target = new Float32Array(data.length)
  const source = { data: Uint8Array.from(data), channels, height, width }
  sampleColoured(source, use.geometry, sameLevels(channels), use.colours, target, 0)
  return target
}

/**
 * torchvision's grays are 0.2989 R + …, Pillow's 0.299 R + …. Of bytes, Pillow rounds what it blends with, and the blend down.
 */
const tolerances = { jitter: 0.06, grayscale: 0.5, augment: 1.5 }

describe('torchvision and Pillow make the same of the colours of a picture', () => {
  it.each(readGolden<GoldenCase>('colours').cases)('$name', (golden) => {
    const actual = transformed(golden)
    golden.output.values.forEach((value, i) => {
      expect(Math.abs(actual[i] - value), `value ${i}`).toBeLessThanOrEqual(tolerances[golden.kind] + 1e-4)
    })
  })
})
