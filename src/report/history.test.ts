import { describe, expect, it } from 'vitest'
import type { MetricsLine } from '../runs/lines.js'
import { historyOf, thinned } from './history.js'
import { workOf } from './work.js'

const measure = (loss: number, top1: number) => ({ loss, top1, top5: 1, images: 100 })

describe('historyOf', () => {
  const lines: MetricsLine[] = [
    { kind: 'steps', epoch: 1, step: 5, rate: 0.1, loss: 2, top1: 0.1, top5: 0.5 },
    { kind: 'epoch', epoch: 1, step: 10, rate: 0.1, training: measure(2, 0.25), validation: measure(1.5, 0.5) },
    { kind: 'steps', epoch: 2, step: 15, rate: 0.01, loss: 1, top1: 0.1, top5: 0.5 },
  ]

  it('reads the curves', () => {
    expect(historyOf(lines)).toEqual({
      part: 'validation',
      epochs: [
        { epoch: 1, rate: 0.1, images: 100, training: { loss: 2, error: 0.75 }, evaluation: { loss: 1.5, error: 0.5 } },
      ],
      rates: [
        { epoch: 0.5, rate: 0.1 },
        { epoch: 1.5, rate: 0.01 },
      ],
    })
  })

  it('reads nothing from nothing, and from an epoch that was not evaluated', () => {
    expect(historyOf([])).toEqual({ part: 'validation', epochs: [], rates: [] })
    const training = measure(2, 0.25)
    expect(historyOf([{ kind: 'epoch', epoch: 1, step: 10, rate: 0.1, training }]).epochs).toEqual([])
  })
})

describe('workOf', () => {
  it('sums up the time, and names what has computed', () => {
    const machine = { processor: 'P', threads: 2, memoryGiB: 8, system: 'linux x64', node: '20.1.0' }
    const start = {
      kind: 'start' as const,
      epoch: 0,
      step: 0,
      engine: 'onnx',
      precision: 'float32',
      threads: 2,
      machine,
      at: 'A',
    }
    const work = workOf([
      start,
      { kind: 'epoch', epoch: 1, step: 10, seconds: 2, imagesPerSecond: 50, at: 'B' },
      { kind: 'epoch', epoch: 2, step: 20, seconds: 3, imagesPerSecond: 33, at: 'C' },
    ])
    expect(work).toEqual({ sessions: [start], seconds: 5, ended: 'C' })
  })
})

describe('thinned', () => {
  it('keeps the first and the last', () => {
    const all = Array.from({ length: 1000 }, (_, i) => i)
    expect(thinned(all, 5)).toEqual([0, 250, 500, 749, 999])
    expect(thinned(all, 1000)).toBe(all)
  })
})
