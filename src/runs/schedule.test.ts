import { describe, expect, it } from 'vitest'
import { readGolden } from '../../tests/support/golden.js'
import { afterEpoch, freshPlateau, type PlateauState, rateAt, type Schedule, scheduleSchema } from './schedule.js'

const at = (schedule: Schedule, epoch: number, batch = 0, epochs = 10) =>
  rateAt(schedule, 0.1, { epoch, batch, batchesPerEpoch: 100, epochs }, freshPlateau)

describe('rateAt', () => {
  it('constant stays', () => {
    expect([0, 5, 99].map((epoch) => at({ kind: 'constant' }, epoch))).toEqual([0.1, 0.1, 0.1])
  })

  it('steps falls every few epochs', () => {
    const rates = [0, 2, 3, 5, 6].map((epoch) => at({ kind: 'steps', every: 3, factor: 0.5 }, epoch))
    expect(rates).toEqual([0.1, 0.1, 0.05, 0.05, 0.025])
  })

  it("drops falls after the epochs named: cuda-convnet's 18pct", () => {
    const schedule: Schedule = { kind: 'drops', at: [120, 130], factor: 0.1 }
    expect(at(schedule, 119)).toBe(0.1)
    expect(at(schedule, 120)).toBeCloseTo(0.01, 12)
    expect(at(schedule, 130)).toBeCloseTo(0.001, 12)
  })

  it('cosine falls from the rate to its end along half a cosine, step by step', () => {
    const schedule: Schedule = { kind: 'cosine', to: 0, warmup: 0 }
    expect(at(schedule, 0)).toBeCloseTo(0.1, 12)
    expect(at(schedule, 5)).toBeCloseTo(0.05, 12)
    expect(at(schedule, 2, 50)).toBeCloseTo(0.1 * 0.5 * (1 + Math.cos(Math.PI / 4)), 12)
    expect(at(schedule, 9, 99)).toBeLessThan(1e-5)
    expect(at({ ...schedule, to: 0.1 }, 10)).toBeCloseTo(0.01, 12)
  })

  it('warm-up rises in a line and never starts at 0', () => {
    const schedule: Schedule = { kind: 'cosine', to: 0, warmup: 2 }
    expect(at(schedule, 0)).toBeCloseTo(0.1 / 201, 12)
    expect(at(schedule, 1)).toBeCloseTo((0.1 * 101) / 201, 12)
    expect(at(schedule, 2)).toBeCloseTo(0.1, 12)
  })
})

interface GoldenCase {
  readonly name: string
  readonly schedule: object
  readonly rate: number
  readonly epochs: number
  readonly batchesPerEpoch: number
  /** Of each step. */
  readonly rates: readonly number[]
}

describe("rateAt against PyTorch's schedulers", () => {
  it.each(readGolden<GoldenCase>('schedules').cases)('$name', ({ schedule, rate, rates, epochs, batchesPerEpoch }) => {
    const parsed = scheduleSchema.parse(schedule)
    expect(rates).toHaveLength(epochs * batchesPerEpoch)
    for (const [step, expected] of rates.entries()) {
      const [epoch, batch] = [Math.floor(step / batchesPerEpoch), step % batchesPerEpoch]
      const own = rateAt(parsed, rate, { epoch, batch, batchesPerEpoch, epochs }, freshPlateau)
      // Nine digits are printed; PyTorch multiplies from step to step, and what cancels is measured by the whole.
      expect(Math.abs(own - expected), `step ${step}`).toBeLessThan(1e-8 * expected + 1e-14 * rate)
    }
  })
})

it('one-cycle stays finite in the shortest runs, and whatever part of them it rises in', () => {
  for (const epochs of [1, 2, 3])
    for (const pctStart of [0, 0.5, 1])
      for (const threePhase of [false, true]) {
        const schedule = scheduleSchema.parse({ kind: 'one-cycle', pctStart, threePhase })
        for (let epoch = 0; epoch <= epochs; epoch++) {
          const rate = rateAt(schedule, 0.1, { epoch, batch: 0, batchesPerEpoch: 1, epochs }, freshPlateau)
          expect(rate, JSON.stringify({ epochs, pctStart, threePhase, epoch })).toBeGreaterThan(0)
          expect(rate).toBeLessThanOrEqual(0.1)
        }
      }
})

describe('plateau', () => {
  const schedule: Schedule = { kind: 'plateau', patience: 2, factor: 0.1, drops: 2, threshold: 0.01 }
  const plateauAfter = (losses: number[]) => {
    let state: { plateau: PlateauState; finished: boolean } = { plateau: freshPlateau, finished: false }
    for (const loss of losses) state = afterEpoch(schedule, state.plateau, loss, 0)
    return state
  }

  it('keeps the rate while the loss falls', () => {
    expect(plateauAfter([2, 1.9, 1.8, 1.7]).plateau).toEqual({ best: 1.7, waited: 0, drops: 0 })
  })

  it('drops after `patience` epochs that bring less than the threshold', () => {
    expect(plateauAfter([2, 1.99]).plateau).toEqual({ best: 2, waited: 1, drops: 0 })
    expect(plateauAfter([2, 1.99, 1.985]).plateau).toEqual({ best: 2, waited: 0, drops: 1 })
    const position = { epoch: 3, batch: 0, batchesPerEpoch: 1, epochs: 9 }
    expect(rateAt(schedule, 0.1, position, plateauAfter([2, 2, 2]).plateau)).toBeCloseTo(0.01, 12)
  })

  it('ends the run instead of dropping once more than it may', () => {
    expect(plateauAfter([2, 2, 2, 2, 2]).finished).toBe(false)
    expect(plateauAfter([2, 2, 2, 2, 2, 2, 2]).finished).toBe(true)
  })

  it('waits for nothing in a warm-up, but notes the lowest loss', () => {
    const warm = { ...schedule, warmup: 1.5 }
    const rising = afterEpoch(warm, { best: 2, waited: 0, drops: 0 }, 3, 1)
    expect(rising).toEqual({ plateau: { best: 2, waited: 0, drops: 0 }, finished: false })
    expect(afterEpoch(warm, rising.plateau, 1, 1).plateau.best).toBe(1)
    expect(afterEpoch(warm, rising.plateau, 3, 2).plateau.waited).toBe(1)
  })

  it('leaves other schedules alone', () => {
    expect(afterEpoch({ kind: 'constant' }, freshPlateau, 1, 0)).toEqual({ plateau: freshPlateau, finished: false })
  })
})
