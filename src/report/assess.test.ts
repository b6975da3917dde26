import { describe, expect, it } from 'vitest'
import { float32, int32 } from '../tensor.js'
import { assess } from './assess.js'
import { classResults, confusedPairs } from './confusions.js'

/** Batches of logits (N, 3) with their labels. */
async function* batches(...entries: [labels: number[], logits: number[]][]) {
  for (const [labels, logits] of entries)
    yield {
      batch: {
        images: float32([labels.length, 0], new Float32Array(0)),
        labels: int32([labels.length], Int32Array.from(labels)),
      },
      logits: Float32Array.from(logits),
    }
}

const log = Math.log
const assessment = () =>
  assess(
    batches(
      [
        [0, 1],
        [log(8), 0, 0, log(2), 0, 0],
      ], // right; 1 taken for 0 with 2/4
      [
        [2, 1, 0],
        [0, log(6), 0, 0, 0, log(3), 0, 0, 0],
      ], // 2 taken for 1 with 6/8; 1 for 2 with 3/5; all equal: right
    ),
    3,
    2,
  )

describe('assess', () => {
  it('counts which classes are taken for which', async () => {
    const { confusion, metrics } = await assessment()
    expect([...confusion]).toEqual([2, 0, 0, 1, 0, 1, 0, 1, 0])
    expect(metrics.top1).toBeCloseTo(2 / 5)
    expect(metrics.images).toBe(5)
  })

  it('keeps the most confident mistakes, with their places among all pictures', async () => {
    const { mistakes } = await assessment()
    expect(
      mistakes.map(({ probability, ...rest }) => ({ ...rest, probability: Number(probability.toFixed(6)) })),
    ).toEqual([
      { index: 2, label: 2, predicted: 1, probability: 0.75 },
      { index: 3, label: 1, predicted: 2, probability: 0.6 },
    ])
  })
})

describe('confusions', () => {
  const confusion = Uint32Array.of(2, 0, 0, 1, 0, 3, 0, 1, 0)

  it('give the result of each class', () => {
    expect(classResults(confusion, 3)).toEqual([
      { label: 0, pictures: 2, correct: 2, taken: 3 },
      { label: 1, pictures: 4, correct: 0, taken: 1 },
      { label: 2, pictures: 1, correct: 0, taken: 3 },
    ])
  })

  it('give the pairs that are confused most often', () => {
    expect(confusedPairs(confusion, 3, 2)).toEqual([
      { label: 1, predicted: 2, count: 3, share: 0.75 },
      { label: 2, predicted: 1, count: 1, share: 1 },
    ])
  })
})
