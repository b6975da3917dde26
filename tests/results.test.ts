import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { experiments } from '../scripts/results/experiments.js'
import { readResults } from '../scripts/results/result.js'
import { tablesOf, withTable } from '../scripts/results/tables.js'
import { workOf } from '../scripts/results/work.js'

describe('what the documentation says of results', () => {
  it('is what was noted of them', () => {
    for (const [file, tables] of Object.entries(tablesOf(experiments, readResults()))) {
      const text = readFileSync(file, 'utf8')
      expect(withTable(text, tables), file).toBe(text)
    }
  })

  it('comes from experiments that there are', () => {
    const ids = experiments.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, seed, views } of readResults()) {
      const experiment = experiments.find((other) => other.id === id)
      expect(
        views.map(({ options }) => options),
        `${id}, seed ${seed}`,
      ).toEqual(experiment?.evaluate)
    }
  })
})

describe('the time of a run', () => {
  const machine = { processor: 'P', threads: 2, memoryGiB: 8, system: 'linux x64', node: '20' }
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
  const start = (epoch: number, minute: number) =>
    JSON.stringify({
      kind: 'start',
      epoch,
      step: epoch,
      engine: 'onnx',
      precision: 'float32',
      threads: 2,
      machine,
      at: at(minute),
    })
  const epoch = (number: number, minute: number) =>
    JSON.stringify({ kind: 'epoch', epoch: number, step: number, seconds: 1, imagesPerSecond: 1, at: at(minute) })

  it('is that of as many median epochs as it has had', () => {
    const {
      seconds,
      imagesPerSecond,
      start: first,
    } = workOf([start(0, 0), epoch(1, 5), epoch(2, 9), epoch(3, 13)].join('\n'))
    expect(seconds).toBe(3 * 4 * 60)
    expect(imagesPerSecond).toBe(1)
    expect(first.engine).toBe('onnx')
  })

  it('leaves out what a run has stood still in between', () => {
    const lines = [start(0, 0), epoch(1, 5), epoch(2, 9), start(2, 500), epoch(3, 508), epoch(4, 512)]
    expect(workOf(lines.join('\n')).seconds).toBe(4 * 4 * 60)
  })
})
