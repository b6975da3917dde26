import { describe, expect, it } from 'vitest'
import type { Dataset } from './dataset.js'
import { memoryReader } from './pictures.js'
import { shapes } from './shapes.js'
import { holdOut } from './split.js'

const { train } = shapes({ seed: 1, train: 100, test: 0 })

function pictures(dataset: Dataset): string[] {
  const read = memoryReader(dataset.pictures, dataset.name)
  return Array.from(dataset.labels, (label, n) => `${label}:${Buffer.from(read(n).data).toString('latin1')}`)
}

describe('holdOut', () => {
  it('splits into two parts that have every picture once, with its label', () => {
    const split = holdOut(train, 30, 1)
    expect(split.validation.labels).toHaveLength(30)
    expect(split.train.labels).toHaveLength(70)
    expect([...pictures(split.train), ...pictures(split.validation)].sort()).toEqual(pictures(train).sort())
    expect(split.train.name).toBe('shapes train')
    expect(split.validation.name).toBe('shapes validation')
  })

  it('takes the same share of every class', () => {
    const { validation } = holdOut(train, 30, 1)
    for (let label = 0; label < 10; label++) expect(validation.labels.filter((l) => l === label)).toHaveLength(3)
    const uneven = holdOut(train, 33, 1).validation.labels
    for (let label = 0; label < 10; label++) expect(uneven.filter((l) => l === label)).toHaveLength(label < 3 ? 4 : 3)
  })

  it('is chosen by the seed, not by the place in the file', () => {
    const held = (seed: number) => pictures(holdOut(train, 30, seed).validation).join()
    const chosen = held(1)
    expect(held(1) === chosen).toBe(true)
    expect(held(2) === chosen).toBe(false)
    expect(pictures(train).slice(0, 30).join() === chosen).toBe(false)
  })

  it('keeps proportions of classes of unequal size', () => {
    const labels = Uint16Array.from({ length: 100 }, (_, n) => (n < 80 ? 0 : 1))
    const { validation } = holdOut({ ...train, labels }, 10, 1)
    expect(validation.labels.filter((l) => l === 0)).toHaveLength(8)
  })

  it.each([0, 100, 2.5])('refuses to hold out %d of 100', (count) => {
    expect(() => holdOut(train, count, 1)).toThrow(expect.objectContaining({ code: 'invalid-setting' }))
  })
})
