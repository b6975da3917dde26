import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../random.js'
import { float32, type Tensor } from '../tensor.js'
import type { Normalisation } from './normalisation.js'
import {
  checkPreprocessing,
  inputShape,
  type Preprocessing,
  packPreprocessing,
  preprocess,
  unpackPreprocessing,
} from './preprocessing.js'
import { centreCrop } from './transforms/centre-crop.js'
import { randomMirror } from './transforms/mirror.js'
import { randomCrop } from './transforms/random-crop.js'
import { resize } from './transforms/resize.js'

const byChannel: Normalisation = { kind: 'channel', mean: [120, 110, 100], deviation: [60, 50, 40] }

function byPixel(size: number): Normalisation {
  const mean = Float32Array.from({ length: 3 * size * size }, (_, i) => 100 + (i % 37))
  return { kind: 'pixel', mean, shape: [3, size, size], deviation: 2 }
}

/** The same in separate steps, each the plain function of its name. */
function stepByStep(bytes: Uint8Array, side: number, preprocessing: Preprocessing, seed: number | undefined): Tensor {
  const { size, normalisation, augmentation } = preprocessing
  let picture = resize(float32([3, side, side], Float32Array.from(bytes)), size)
  const area = size * size
  const normalised = picture.data.map((x, i) => {
    const c = Math.floor(i / area)
    return normalisation.kind === 'channel'
      ? (x - normalisation.mean[c]) / normalisation.deviation[c]
      : (x - normalisation.mean[i]) / normalisation.deviation
  })
  picture = float32([3, size, size], normalised)
  const stream = seed === undefined ? undefined : random(seed, 'test')
  for (const transform of augmentation) {
    if (transform.kind === 'random-crop')
      picture = stream ? randomCrop(picture, transform, stream) : centreCrop(picture, transform.size)
    else if (stream) picture = randomMirror(picture, stream)
  }
  return picture
}

describe('preprocess', () => {
  const crops = fc.constantFrom<Preprocessing['augmentation']>(
    [],
    [{ kind: 'mirror' }],
    [{ kind: 'random-crop', size: 6, padding: 0 }, { kind: 'mirror' }],
    [{ kind: 'mirror' }, { kind: 'random-crop', size: 8, padding: 2 }],
  )

  it('is resize, normalise, augment, in that order, at its place in the batch and nowhere else', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(5, 8),
        fc.constantFrom(7, 8),
        fc.boolean(),
        crops,
        fc.option(fc.nat(), { nil: undefined }),
        (side, size, pixel, augmentation, seed) => {
          const preprocessing = { size, normalisation: pixel ? byPixel(size) : byChannel, augmentation }
          const bytes = Uint8Array.from({ length: 3 * side * side }, (_, i) => (i * 89) % 256)
          const expected = stepByStep(bytes, side, preprocessing, seed)
          expect(inputShape(preprocessing)).toEqual(expected.shape)
          // What was there before must not shine through.
          const target = new Float32Array(expected.data.length + 10).fill(777)
          const stream = seed === undefined ? undefined : random(seed, 'test')
          preprocess(bytes, [3, side, side], preprocessing, stream, target, 4)
          expect([...target.subarray(0, 4), ...target.subarray(-6)]).toEqual(Array(10).fill(777))
          for (let i = 0; i < expected.data.length; i++) expect(target[4 + i]).toBeCloseTo(expected.data[i], 4)
        },
      ),
    )
  })

  it('refuses bytes that are no picture of the shape', () => {
    const preprocessing = { size: 2, normalisation: byChannel, augmentation: [] }
    expect(() => preprocess(new Uint8Array(11), [3, 2, 2], preprocessing, undefined, new Float32Array(12), 0)).toThrow(
      'a picture of 3×2×2 holds 12 bytes, got 11',
    )
  })
})

describe('inputShape', () => {
  it('follows the crops', () => {
    const augmentation = [
      { kind: 'random-crop', size: 40, padding: 4 },
      { kind: 'random-crop', size: 24, padding: 0 },
    ] as const
    expect(inputShape({ size: 32, normalisation: byChannel, augmentation })).toEqual([3, 24, 24])
  })

  it('refuses a crop that is too large', () => {
    const augmentation = [{ kind: 'random-crop', size: 41, padding: 4 }] as const
    expect(() => inputShape({ size: 32, normalisation: byChannel, augmentation })).toThrow(
      expect.objectContaining({ code: 'invalid-setting', message: expect.stringContaining('size 41') }),
    )
  })
})

it('checkPreprocessing finds what would fail in the midst of training', () => {
  const good: Preprocessing = { size: 8, normalisation: byPixel(8), augmentation: [] }
  checkPreprocessing(good, [3, 5, 5])
  expect(() => checkPreprocessing({ ...good, size: 7 }, [3, 5, 5])).toThrow(/mean picture must be 3×7×7/)
  expect(() => checkPreprocessing({ ...good, size: 0 }, [3, 5, 5])).toThrow(/size must be/)
  expect(() => checkPreprocessing(good, [1, 5, 5])).toThrow(/must be 3×height×width, got 1×5×5/)
})

describe('packPreprocessing', () => {
  it.each([byChannel, byPixel(6)])('survives JSON: $kind', (normalisation) => {
    const preprocessing: Preprocessing = {
      size: 6,
      normalisation,
      augmentation: [{ kind: 'random-crop', size: 4, padding: 1 }, { kind: 'mirror' }],
    }
    const { settings, meanPicture } = packPreprocessing(preprocessing)
    expect(unpackPreprocessing(JSON.parse(JSON.stringify(settings)), meanPicture)).toEqual(preprocessing)
  })

  it('refuses what is none', () => {
    const { settings, meanPicture } = packPreprocessing({ size: 6, normalisation: byPixel(6), augmentation: [] })
    expect(() => unpackPreprocessing(settings)).toThrow(/there is none/)
    expect(() => unpackPreprocessing({ ...settings, size: 7 }, meanPicture)).toThrow(/must be 3×7×7/)
    expect(() => unpackPreprocessing({ ...settings, size: 'large' }, meanPicture)).toThrow(
      expect.objectContaining({ code: 'corrupt-data', message: expect.stringContaining('size') }),
    )
    expect(() => unpackPreprocessing(null)).toThrow(/not a preprocessing/)
  })
})
