import { describe, expect, it } from 'vitest'
import { random } from '../random.js'
import type { Dataset } from './dataset.js'
import { memoryReader } from './pictures.js'
import { shapes } from './shapes.js'

const PIXELS = 3 * 32 * 32

function bytesOf({ pictures, name }: Dataset, n: number): Uint8Array {
  return memoryReader(pictures, name)(n).data
}

function picture(dataset: Dataset, n: number): string {
  return Buffer.from(bytesOf(dataset, n)).toString('latin1')
}

function all(dataset: Dataset): string {
  return Array.from(dataset.labels, (_, n) => picture(dataset, n)).join('')
}

describe('shapes', () => {
  it('has ten balanced classes and the sizes asked for, in shared memory', () => {
    const { train, test } = shapes({ seed: 1, train: 200, test: 50 })
    expect(train.classes).toHaveLength(10)
    expect(memoryReader(train.pictures, train.name)(199).shape).toEqual([3, 32, 32])
    expect(train.labels).toHaveLength(200)
    expect(test.labels).toHaveLength(50)
    expect(bytesOf(train, 0).buffer).toBeInstanceOf(SharedArrayBuffer)
    for (let label = 0; label < 10; label++) {
      expect(train.labels.filter((l) => l === label)).toHaveLength(20)
      expect(test.labels.filter((l) => l === label)).toHaveLength(5)
    }
  })

  it('is drawn from the seed: the same one the same bytes, another one others', () => {
    const first = shapes({ seed: 1, train: 30, test: 10 })
    const again = shapes({ seed: 1, train: 30, test: 10 })
    const other = shapes({ seed: 2, train: 30, test: 10 })
    expect(all(again.train) === all(first.train)).toBe(true)
    expect(all(again.test) === all(first.test)).toBe(true)
    expect(all(other.train) === all(first.train)).toBe(false)
  })

  it('fewer pictures are a prefix of more', () => {
    const few = shapes({ seed: 1, train: 10, test: 0 }).train
    const many = shapes({ seed: 1, train: 20, test: 0 }).train
    expect(all(many).startsWith(all(few))).toBe(true)
  })

  it('never repeats a picture, within a part or between them', () => {
    const { train, test } = shapes({ seed: 1, train: 1000, test: 300 })
    const pictures = new Set<string>()
    for (let n = 0; n < 1000; n++) pictures.add(picture(train, n))
    for (let n = 0; n < 300; n++) pictures.add(picture(test, n))
    expect(pictures.size).toBe(1300)
  })

  it('every picture has a figure that stands out: its brightness has two groups', () => {
    const { train } = shapes({ seed: 3, train: 300, test: 0 })
    for (let n = 0; n < 300; n++) {
      const brightness: number[] = []
      const bytes = bytesOf(train, n)
      for (let i = 0; i < 1024; i++) brightness.push((bytes[i] + bytes[1024 + i] + bytes[2048 + i]) / 3)
      brightness.sort((a, b) => a - b)
      // Figure and ground each cover 4 % of the picture or more, whichever is the darker one.
      expect(brightness[983] - brightness[40]).toBeGreaterThan(60)
    }
  })

  it('is beyond a linear classifier: softmax regression stays under 50 % on the test part', () => {
    const { train, test } = shapes({ seed: 1, train: 600, test: 400 })
    const weights = trainLinear(train, 20)
    expect(accuracy(weights, train)).toBeGreaterThan(0.5) // it has learned what it can, by heart
    expect(accuracy(weights, test)).toBeLessThan(0.5)
  })
})

/** Softmax regression on pixels by plain SGD. @returns (10, 3073), the bias last. */
function trainLinear(dataset: Dataset, epochs: number): Float64Array[] {
  const weights = Array.from({ length: 10 }, () => new Float64Array(PIXELS + 1))
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const n of random(1, 'test', epoch).permutation(dataset.labels.length)) {
      const x = pixels(dataset, n)
      const scores = weights.map((row) => dot(row, x))
      const highest = Math.max(...scores)
      const exponentials = scores.map((score) => Math.exp(score - highest))
      const sum = exponentials.reduce((a, b) => a + b, 0)
      for (let c = 0; c < 10; c++) {
        const step = 0.002 * ((c === dataset.labels[n] ? 1 : 0) - exponentials[c] / sum)
        for (let i = 0; i <= PIXELS; i++) weights[c][i] += step * x[i]
      }
    }
  }
  return weights
}

function accuracy(weights: readonly Float64Array[], dataset: Dataset): number {
  let correct = 0
  for (let n = 0; n < dataset.labels.length; n++) {
    const x = pixels(dataset, n)
    const scores = weights.map((row) => dot(row, x))
    if (scores.indexOf(Math.max(...scores)) === dataset.labels[n]) correct++
  }
  return correct / dataset.labels.length
}

function pixels(dataset: Dataset, n: number): Float64Array {
  const x = new Float64Array(PIXELS + 1).fill(1)
  bytesOf(dataset, n).forEach((byte, i) => {
    x[i] = (byte - 128) / 64
  })
  return x
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
