import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../random.js'
import { inputShape, type Preprocessing, preprocess } from '../preprocessing.js'
import { needsColour, resolveTransforms, transformSchema, transformSettingsSchema } from './transform.js'

const colour = {
  eigenvalues: [9000, 300, 60] as [number, number, number],
  eigenvectors: [
    [0.6, 0.6, 0.52915],
    [0.8, -0.6, 0],
    [0, 0, 1],
  ] as [[number, number, number], [number, number, number], [number, number, number]],
}

const kinds = transformSettingsSchema.options.map((option) => option.shape.kind.value)

/** Chains of any kinds, with crops that always fit. */
const chains = fc.array(
  fc.constantFrom(...kinds).map((kind) => transformSettingsSchema.parse({ kind })),
  { maxLength: 4 },
)

describe('every chain', () => {
  const pictures = fc.record({
    height: fc.integer({ min: 3, max: 24 }),
    width: fc.integer({ min: 3, max: 24 }),
    size: fc.integer({ min: 2, max: 20 }),
    pixel: fc.boolean(),
    seed: fc.nat(),
    train: fc.boolean(),
  })

  it('keeps the shape, writes every value, is the same for the same seed, and changes nothing but its place', () => {
    fc.assert(
      fc.property(chains, pictures, (settings, { height, width, size, pixel, seed, train }) => {
        const preprocessing: Preprocessing = {
          size,
          normalisation: pixel
            ? { kind: 'pixel', mean: new Float32Array(3 * size * size).fill(9), shape: [3, size, size], deviation: 2 }
            : { kind: 'channel', mean: [120, 110, 100], deviation: [60, 50, 40] },
          augmentation: resolveTransforms(settings, size, colour),
        }
        const shape = inputShape(preprocessing)
        expect(shape).toEqual([3, size, size])
        const bytes = Uint8Array.from({ length: 3 * height * width }, (_, i) => (i * 89) % 256)
        const length = 3 * size * size
        const once = new Float32Array(length + 2).fill(Number.NaN)
        const again = new Float32Array(length + 2).fill(777)
        for (const target of [once, again])
          preprocess(bytes, [3, height, width], preprocessing, train ? random(seed, 'test') : undefined, target, 1)
        expect(once.subarray(1, -1).every(Number.isFinite)).toBe(true)
        expect(once.subarray(1, -1)).toEqual(again.subarray(1, -1))
        expect([again[0], again[length + 1]]).toEqual([777, 777])
      }),
    )
  })

  it.each(kinds.filter((kind) => !kind.includes('crop')))(
    '%s does nothing in a test, and something in training',
    (kind) => {
      const settings = [transformSettingsSchema.parse({ kind })]
      const normalisation = { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] } as const
      const prepared = (augmentation: Preprocessing['augmentation'], seed?: number) => {
        const target = new Float32Array(3 * 256)
        const bytes = Uint8Array.from({ length: 3 * 256 }, (_, i) => (i * 89) % 251)
        const stream = seed === undefined ? undefined : random(seed, 'test')
        preprocess(bytes, [3, 16, 16], { size: 16, normalisation, augmentation }, stream, target, 0)
        return [...target]
      }
      const chain = resolveTransforms(settings, 16, colour)
      expect(prepared(chain)).toEqual(prepared([]))
      const plain = String(prepared([]))
      expect(Array.from({ length: 40 }).some((_, seed) => String(prepared(chain, seed)) !== plain)).toBe(true)
    },
  )
})

describe('settings', () => {
  it.each([
    ['rotation', { degrees: 25 }],
    ['scaling', { scale: [0.8, 1.2] }],
    ['translation', { share: 0.1 }],
    ['random-crop', { size: 32, padding: 0 }],
    ['random-resized-crop', { size: 32, scale: [0.08, 1], ratio: [3 / 4, 4 / 3] }],
    ['rand-augment', { operations: 2, magnitude: 9 }],
    ['colour-jitter', { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0 }],
    ['grayscale', { probability: 0.1 }],
    ['gaussian-noise', { deviation: 25.5 }],
    ['random-erasing', { probability: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], fill: 'mean' }],
    ['colour-noise', { deviation: 0.1, ...colour }],
  ])('%s works alone', (kind, expected) => {
    const [resolved] = resolveTransforms([transformSettingsSchema.parse({ kind })], 32, colour)
    expect(resolved).toEqual({ kind, ...expected })
    // The order of the keys, too: a run that goes on writes what it has read.
    const written = JSON.stringify(resolved)
    expect(JSON.stringify(transformSchema.parse(JSON.parse(written)))).toBe(written)
  })

  it('says where colours are needed', () => {
    const noise = [transformSettingsSchema.parse({ kind: 'colour-noise' })]
    expect(needsColour(noise)).toBe(true)
    expect(needsColour([{ kind: 'mirror' }])).toBe(false)
    expect(() => resolveTransforms(noise, 32)).toThrow(/needs the colours/)
  })

  it.each([
    { kind: 'blur' },
    { kind: 'mirror', size: 3 },
    { kind: 'random-crop', size: 0 },
    { kind: 'random-crop', size: 24.5 },
    { kind: 'random-crop', padding: -1 },
    { kind: 'rotation', degrees: 181 },
    { kind: 'rotation', angle: 3 },
    { kind: 'scaling', scale: [1.2, 0.8] },
    { kind: 'random-resized-crop', scale: [0.5, 2] },
    { kind: 'translation', share: 0 },
    { kind: 'rand-augment', magnitude: 31 },
    { kind: 'rand-augment', magnitude: 4.5 },
    { kind: 'colour-jitter', hue: 0.6 },
    { kind: 'colour-jitter', contrast: -0.1 },
    { kind: 'grayscale', probability: 1.1 },
    { kind: 'random-erasing', probability: -0.1 },
    { kind: 'random-erasing', scale: [0, 0.1] },
    { kind: 'random-erasing', side: 0 },
    { kind: 'random-erasing', fill: 'black' },
    { kind: 'gaussian-noise', deviation: -1 },
    { kind: 'colour-noise', eigenvalues: [1, 2, 3] },
  ])('refuses %j', (settings) => {
    expect(transformSettingsSchema.safeParse(settings).success).toBe(false)
  })

  it('refuses a resized crop larger than what a test can show', () => {
    const augmentation = resolveTransforms(
      [{ kind: 'random-resized-crop', size: 40, scale: [0.08, 1], ratio: [1, 1] }],
      32,
    )
    const normalisation = { kind: 'channel', mean: [0, 0, 0], deviation: [1, 1, 1] } as const
    expect(() => inputShape({ size: 32, normalisation, augmentation })).toThrow(/random-resized-crop of size 40/)
  })
})
