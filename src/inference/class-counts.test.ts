import { expect, it } from 'vitest'
import { float32, int32 } from '../tensor.js'
import { ClassCounts } from './class-counts.js'

/** A batch of scores (N, 3) with its labels. */
const classified = (labels: number[], logits: number[]) => ({
  batch: { images: float32([labels.length, 0], new Float32Array(0)), labels: int32([labels.length], labels) },
  logits: Float32Array.from(logits),
})

it('counts each class over the batches, a tie in the favour of the label, and begins again', () => {
  const counts = new ClassCounts(3)
  counts.add(classified([0, 1], [9, 0, 0, 9, 0, 0]))
  counts.add(classified([1, 1, 2], [0, 9, 0, 0, 0, 0, 0, 9, 0]))
  const first = [
    { label: 0, pictures: 1, correct: 1, taken: 2 },
    { label: 1, pictures: 3, correct: 2, taken: 3 },
    { label: 2, pictures: 1, correct: 0, taken: 0 },
  ]
  const taken = counts.take()
  expect(taken).toEqual(first)
  counts.add(classified([2], [0, 0, 9]))
  expect(taken).toEqual(first)
  expect(counts.take()[2]).toEqual({ label: 2, pictures: 1, correct: 1, taken: 1 })
})
