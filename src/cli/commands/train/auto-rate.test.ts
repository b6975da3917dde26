import { describe, expect, it } from 'vitest'
import { withoutAutoRate } from './auto-rate.js'
import type { TrainFlags } from './flags.js'

const rate = (value: unknown) => ({ flag: '--lr', path: ['optimizer', 'rate'], value })
const epochs = { flag: '--epochs', path: ['training', 'epochs'], value: 3 }
const flags = (changes: Partial<TrainFlags>) => changes as TrainFlags

describe('withoutAutoRate', () => {
  it('takes the word out of the settings, of which no recipe knows it', () => {
    expect(withoutAutoRate(flags({ set: [epochs, rate('auto')] }))).toEqual({ flags: { set: [epochs] }, rate: 'auto' })
  })

  it('lets the last one hold', () => {
    expect(withoutAutoRate(flags({ set: [rate('auto'), rate(0.1)] }))).toEqual({ flags: { set: [rate(0.1)] } })
    expect(withoutAutoRate(flags({ set: [rate(0.1), rate('auto')] }))).toEqual({
      flags: { set: [rate(0.1)] },
      rate: 'auto',
    })
    expect(withoutAutoRate(flags({ set: [rate(0.1)] }))).toEqual({ flags: { set: [rate(0.1)] } })
  })

  it('is of a new training', () => {
    expect(() => withoutAutoRate(flags({ set: [rate('auto')], resume: 'runs/a' }))).toThrow(
      /--resume goes on with a run: --lr auto/,
    )
    expect(() => withoutAutoRate(flags({ set: [rate('auto')], dryRun: true }))).toThrow(
      /--dry-run trains nothing: --lr auto/,
    )
  })
})
