import { describe, expect, it } from 'vitest'
import { float32, int32 } from '../tensor.js'
import { WorstMistakes } from './worst-mistakes.js'

const log = Math.log

/** A batch of logits (N, 3) with its labels; the pictures are numbers. */
const classified = (labels: number[], logits: number[], pictures = labels.map(() => 0)) => ({
  batch: {
    images: float32([labels.length, 1], pictures),
    labels: int32([labels.length], labels),
  },
  logits: Float32Array.from(logits),
})

describe('WorstMistakes', () => {
  it('keeps the surest, in their order, with their places among all pictures', () => {
    const worst = new WorstMistakes(2, ({ images }, row) => ({ picture: images.data[row] }))
    // Right; 1 taken for 0 with 2/4.
    worst.add(classified([0, 1], [log(8), 0, 0, log(2), 0, 0], [10, 11]))
    // 2 taken for 1 with 6/8; 1 for 2 with 3/5.
    worst.add(classified([2, 1], [0, log(6), 0, 0, 0, log(3)], [12, 13]))
    const kept = worst.take()
    expect(kept).toMatchObject([
      { index: 2, label: 2, predicted: 1, picture: 12 },
      { index: 3, label: 1, predicted: 2, picture: 13 },
    ])
    expect(kept.map(({ probability }) => probability)).toEqual([expect.closeTo(6 / 8), expect.closeTo(3 / 5)])
  })

  it('takes a tie for right, as accuracy does, and of equal mistakes the first', () => {
    const worst = new WorstMistakes(1, () => ({}))
    worst.add(classified([2, 1, 2], [0, 0, 0, 5, 0, 0, 5, 0, 0]))
    expect(worst.take()).toMatchObject([{ index: 1, label: 1, predicted: 0 }])
  })

  it('begins anew once they are taken', () => {
    const worst = new WorstMistakes(2, () => ({}))
    worst.add(classified([1], [5, 0, 0]))
    worst.take()
    expect(worst.take()).toEqual([])
    worst.add(classified([1], [5, 0, 0]))
    expect(worst.take()).toMatchObject([{ index: 0 }])
  })
})
