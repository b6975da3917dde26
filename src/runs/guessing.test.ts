import { expect, it } from 'vitest'
import { adviceForGuessing, guessingRate, isNoBetterThanGuessing } from './guessing.js'

it('guessing names the most frequent class', () => {
  expect(guessingRate(Uint16Array.of(0, 1, 1, 2))).toBe(0.5)
  expect(guessingRate(Uint16Array.of(7))).toBe(1)
})

it('an accuracy is better than guessing where chance hardly gives it', () => {
  // Of 36 pictures in three classes chance gives 33 % ± 7.9 %, of 3,600 ± 0.8 %.
  expect(isNoBetterThanGuessing({ top1: 0.47, images: 36 }, 1 / 3)).toBe(true)
  expect(isNoBetterThanGuessing({ top1: 0.52, images: 36 }, 1 / 3)).toBe(false)
  expect(isNoBetterThanGuessing({ top1: 0.37, images: 3600 }, 1 / 3)).toBe(false)
  expect(isNoBetterThanGuessing({ top1: 0.2, images: 3600 }, 1 / 3)).toBe(true)
  expect(isNoBetterThanGuessing({ top1: 1, images: 10 }, 1)).toBe(true) // one class only
})

it('the advice fits what has happened', () => {
  const training = (top1: number) => ({ top1, top5: 1, loss: 1, images: 300 })
  expect(adviceForGuessing(20, training(0.34), 1 / 3)).toContain('--min-steps 1000')
  expect(adviceForGuessing(2000, training(0.34), 1 / 3)).toContain('not begun to learn')
  expect(adviceForGuessing(20, training(0.95), 1 / 3)).toContain('more pictures')
})
