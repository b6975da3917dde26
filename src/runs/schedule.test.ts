import { describe, expect, it } from 'vitest'
import { afterEpoch, freshPlateau, type PlateauState, rateAt, type Schedule } from './schedule.js'

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

describe('plateau', () => {
  const schedule: Schedule = { kind: 'plateau', patience: 2, factor: 0.1, drops: 2, threshold: 0.01 }
  const plateauAfter = (losses: number[]) => {
    let state: { plateau: PlateauState; finished: boolean } = { plateau: freshPlateau, finished: false }
    for (const loss of losses) state = afterEpoch(schedule, state.plateau, loss)
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

  it('leaves other schedules alone', () => {
    expect(afterEpoch({ kind: 'constant' }, freshPlateau, 1)).toEqual({ plateau: freshPlateau, finished: false })
  })
})
