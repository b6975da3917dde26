import fc from 'fast-check'
import { expect, it } from 'vitest'
import { measureColour, principalComponents } from './measure-colour.js'

it('finds the axis that colours vary along', async () => {
  // Gray from 0 to 90, with a little blue beside it.
  const gray = [0, 30, 60, 90]
  const data = Uint8Array.of(...gray, ...gray, ...gray.map((value, i) => value + (i % 2)))
  const { eigenvalues, eigenvectors } = await measureColour([{ shape: [3, 2, 2], data }])
  eigenvectors[0].forEach((value) => {
    expect(value).toBeCloseTo(Math.sqrt(1 / 3), 2)
  })
  // The variance of 0, 30, 60, 90 over N is 1125, in three channels.
  expect(eigenvalues[0]).toBeCloseTo(3375, -2)
  expect(eigenvalues[1]).toBeLessThan(1)
  expect(eigenvalues[2]).toBeGreaterThanOrEqual(0)
})

it('needs pictures', async () => {
  await expect(measureColour([])).rejects.toThrow(/no pictures/)
})

it('principalComponents: A v = λ v, of length 1, at right angles, the largest first', () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true })
  fc.assert(
    fc.property(fc.array(number, { minLength: 9, maxLength: 9 }), (values) => {
      // B Bᵀ is symmetric and has no eigenvalue below 0, as a covariance.
      const b = [0, 1, 2].map((row) => values.slice(3 * row, 3 * row + 3))
      const dot = (one: readonly number[], other: readonly number[]) => one.reduce((sum, x, i) => sum + x * other[i], 0)
      const a = b.map((row) => b.map((other) => dot(row, other))) as [
        [number, number, number],
        [number, number, number],
        [number, number, number],
      ]
      const { eigenvalues, eigenvectors } = principalComponents(a)
      const size = 1 + Math.max(...eigenvalues)
      eigenvectors.forEach((v, i) => {
        for (let row = 0; row < 3; row++)
          expect(Math.abs(dot(a[row], v) - eigenvalues[i] * v[row]) / size).toBeLessThan(1e-9)
        eigenvectors.forEach((other, j) => {
          expect(dot(v, other)).toBeCloseTo(i === j ? 1 : 0, 9)
        })
      })
      expect([...eigenvalues].sort((x, y) => y - x)).toEqual(eigenvalues)
    }),
  )
})
