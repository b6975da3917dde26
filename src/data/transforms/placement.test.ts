import fc from 'fast-check'
import { expect, it } from 'vitest'
import { random } from '../../random.js'
import { float32, type Tensor } from '../../tensor.js'
import { centreCrop } from './centre-crop.js'
import { randomMirror } from './mirror.js'
import { type Placement, place } from './placement.js'
import { randomCrop } from './random-crop.js'
import type { Transform } from './transform.js'

const chains = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('random-crop' as const), size: fc.integer({ min: 1, max: 9 }), padding: fc.nat(3) }),
    fc.constant({ kind: 'mirror' as const }),
  ),
  { maxLength: 5 },
)

function fits(side: number, chain: readonly Transform[]): boolean {
  for (const transform of chain) {
    if (transform.kind !== 'random-crop') continue
    if (transform.size > side + 2 * transform.padding) return false
    side = transform.size
  }
  return true
}

function copy(picture: Tensor<'float32'>, placement: Placement): Tensor<'float32'> {
  const { height, width, top, left, step, firstRow, endRow, firstColumn, endColumn } = placement
  const data = new Float32Array(height * width)
  for (let y = firstRow; y < endRow; y++)
    for (let x = firstColumn; x < endColumn; x++)
      data[y * width + x] = picture.data[(top + y) * picture.shape[2] + left + step * x]
  return float32([1, height, width], data)
}

const side = 6
const picture = float32(
  [1, side, side],
  Array.from({ length: side * side }, (_, i) => i + 1),
)

it('is the chain of its transforms, one after another, in training', () => {
  fc.assert(
    fc.property(chains, fc.nat(), (chain, seed) => {
      fc.pre(fits(side, chain))
      const stream = random(seed, 'test')
      const expected = chain.reduce<Tensor<'float32'>>(
        (done, transform) =>
          transform.kind === 'mirror' ? randomMirror(done, stream) : randomCrop(done, transform, stream),
        picture,
      )
      expect(copy(picture, place(side, side, chain, random(seed, 'test')))).toEqual(expected)
    }),
  )
})

it('crops the middle and never mirrors in a test', () => {
  fc.assert(
    fc.property(chains, (chain) => {
      fc.pre(fits(side, chain))
      const expected = chain.reduce<Tensor<'float32'>>(
        (done, transform) => (transform.kind === 'mirror' ? done : centreCrop(done, transform.size)),
        picture,
      )
      expect(copy(picture, place(side, side, chain, undefined))).toEqual(expected)
    }),
  )
})
