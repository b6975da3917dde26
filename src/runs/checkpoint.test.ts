import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { createModel } from '../models/catalogue.js'
import { initialState } from '../models/initial-state.js'
import { slotName } from '../optimizers/index.js'
import { float32 } from '../tensor.js'
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, isFiniteState, networkState } from './checkpoint.js'
import { freshProgress } from './progress.js'
import { parseRecipe } from './recipe-yaml.js'

const model = createModel('80sec', { classes: 3 }, { width: 0.0625 })
const parameters = initialState(model, 1)
const velocities = Object.fromEntries(
  Object.entries(initialState(model, 2)).map(([name, tensor]) => [slotName('velocity', name), tensor]),
)
const checkpoint: Checkpoint = {
  model,
  classes: ['a', 'b\n"c"', 'Käse 🧀'],
  preprocessing: {
    size: 32,
    augmentation: [{ kind: 'random-crop', size: 32, padding: 4 }, { kind: 'mirror' }],
    normalisation: { kind: 'pixel', mean: new Float32Array(3072).fill(0.1), shape: [3, 32, 32], deviation: 1 },
  },
  recipe: parseRecipe(
    'model: {name: 80sec}\ndata: {name: shapes}\ntraining: {epochs: 1}\noptimizer: {rate: 0.1}\n',
    'r',
  ),
  progress: {
    ...freshProgress,
    epoch: 3,
    batch: 7,
    step: 1234,
    sums: { loss: 0.1 + 0.2, correct1: 1, correct5: 2, images: 9 },
  },
  state: { ...parameters, ...velocities },
}

const bytesOf = (value: Checkpoint) => new Uint8Array(Buffer.concat(encodeCheckpoint(value)))

describe('a checkpoint', () => {
  it('comes back exactly', () => {
    expect(decodeCheckpoint(bytesOf(checkpoint), 'file')).toEqual(checkpoint)
  })

  it('may hold tensors as float16, which are read as float32', () => {
    const halves = new Set(Object.keys(parameters))
    const bytes = Buffer.concat(encodeCheckpoint(checkpoint, halves))
    expect(bytes.length).toBeLessThan(bytesOf(checkpoint).length)
    const { state } = decodeCheckpoint(bytes, 'file')
    for (const [name, { data }] of Object.entries(parameters)) {
      expect(state[name].dtype).toBe('float32')
      // 11 bits are kept of each: an error of at most half of the last.
      for (const [i, value] of state[name].data.entries())
        expect(Math.abs(value - data[i])).toBeLessThanOrEqual(2 ** -11 * Math.abs(data[i]) + 2 ** -25)
    }
    const [velocity] = Object.keys(velocities)
    expect(state[velocity]).toEqual(velocities[velocity])
  })

  it('may leave the velocities out', () => {
    const { state } = decodeCheckpoint(bytesOf({ ...checkpoint, state: networkState(model, checkpoint.state) }), 'file')
    expect(state).toEqual(parameters)
  })

  it.each([
    [
      'a missing parameter',
      { ...checkpoint.state, 'features.0.bias': undefined },
      'features.0.bias: model 80sec expects float32 2, got nothing',
    ],
    [
      'another shape',
      { ...checkpoint.state, 'features.0.bias': float32([3], [0, 0, 0]) },
      'features.0.bias: model 80sec expects float32 2, got float32 3',
    ],
    ['a foreign parameter', { ...checkpoint.state, other: float32([1], [0]) }, "model 80sec has no parameter 'other'"],
  ])('with %s is refused', (_, state, message) => {
    const present = Object.fromEntries(Object.entries(state).filter(([, tensor]) => tensor !== undefined))
    const bytes = bytesOf({ ...checkpoint, state: present as Checkpoint['state'] })
    expect(() => decodeCheckpoint(bytes, 'file')).toThrow(
      expect.objectContaining({ code: 'incompatible-state', message: `file: ${message}` }),
    )
  })

  it('that is damaged anywhere is read or refused in one line, never half believed', () => {
    const good = bytesOf(checkpoint)
    // The header holds all that is read; damage there is where damage shows.
    const header = 8 + Number(new DataView(good.buffer).getBigUint64(0, true))
    fc.assert(
      fc.property(fc.nat(header - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), (at, value, cut) => {
        const bytes = cut ? good.slice(0, at) : good.slice()
        if (!cut) bytes[at] = value
        try {
          decodeCheckpoint(bytes, 'file')
        } catch (error) {
          expect(error).toBeInstanceOf(AlexNetError)
          expect((error as Error).message).toMatch(/^file: /)
        }
      }),
      { numRuns: 500, seed: 1 },
    )
  })
})

describe('isFiniteState', () => {
  it('finds a single value that is none', () => {
    expect(isFiniteState(checkpoint.state)).toBe(true)
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(isFiniteState({ ...parameters, x: float32([3], [1, value, 2]) })).toBe(false)
  })
})
