import { expect, it } from 'vitest'
import { random } from '../../random.js'
import { symmetricBeta } from './symmetric-beta.js'

const COUNT = 20_000

/** The mean is 1/2, the variance 1 / (4·(2α + 1)), and the third central moment 0: the distribution is symmetric. */
it.each([0.1, 0.2, 0.5, 1, 2, 10])('has the moments of Beta(%d, %d)', (alpha) => {
  const stream = random(1, 'test', alpha * 10)
  const numbers = Array.from({ length: COUNT }, () => symmetricBeta(alpha, stream))
  const mean = (of: (number: number) => number) => numbers.reduce((sum, number) => sum + of(number), 0) / COUNT
  expect(mean((number) => number)).toBeCloseTo(0.5, 1.5)
  expect(mean((number) => (number - 0.5) ** 2) * 4 * (2 * alpha + 1)).toBeCloseTo(1, 1.3)
  expect(mean((number) => (number - 0.5) ** 3)).toBeCloseTo(0, 2)
})

it('is a number also where both of its parts are too small for one', () => {
  const stream = random(2, 'test')
  const numbers = Array.from({ length: 200 }, () => symmetricBeta(0.001, stream))
  expect(numbers.every((number) => number >= 0 && number <= 1)).toBe(true)
  expect(numbers.filter((number) => number > 0.5).length).toBeGreaterThan(70)
})

/** Beta(1, 1) is uniform, and the distribution function of Beta(1/2, 1/2) is 2/π·asin(√x). */
it.each([
  ['Beta(1, 1)', 1, (x: number) => x],
  ['Beta(½, ½)', 0.5, (x: number) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
] as const)('follows the distribution function of %s', (_, alpha, distribution) => {
  const stream = random(3, 'test', alpha * 10)
  const numbers = Array.from({ length: COUNT }, () => symmetricBeta(alpha, stream)).sort((a, b) => a - b)
  const furthest = Math.max(...numbers.map((number, i) => Math.abs(distribution(number) - i / COUNT)))
  // Kolmogorov and Smirnov: further off than 1.63 / √n in one of a hundred.
  expect(furthest).toBeLessThan(1.63 / Math.sqrt(COUNT))
})
