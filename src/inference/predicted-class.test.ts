import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostProbable } from './most-probable.js'
import { predictedClass, rankOf } from './predicted-class.js'

describe('predictedClass', () => {
  it('is the highest; of equals the label, else the first', () => {
    expect(predictedClass([1, 3, 2])).toBe(1)
    expect(predictedClass([1, 3, 3])).toBe(1)
    expect(predictedClass([1, 3, 3], 2)).toBe(2)
    expect(predictedClass([1, 3, 3], 0)).toBe(1)
  })

  it('is never one whose score is not a number', () => {
    expect(predictedClass([Number.NaN, 1, 2])).toBe(2)
    expect(predictedClass([Number.NaN, 1, 2], 0)).toBe(2)
    expect(predictedClass([Number.NaN, Number.NaN], 0)).toBe(1)
  })

  const scores = fc.array(fc.constantFrom(0, 0.25, 0.5, 1, Number.NaN), { minLength: 2, maxLength: 6 })

  it('is the label exactly where accuracy counts the picture as right', () => {
    fc.assert(
      fc.property(scores, fc.nat(), (values, place) => {
        const label = place % values.length
        expect(predictedClass(values, label) === label).toBe(rankOf(values, label) === 0)
      }),
    )
  })

  it('is the first of the most probable classes', () => {
    fc.assert(
      fc.property(scores, (values) => {
        const probabilities = Float32Array.from(values, (value) => value || 0)
        const [first] = mostProbable(
          probabilities,
          values.map((_, c) => `class ${c}`),
          1,
        )
        expect(first.index).toBe(predictedClass(probabilities))
      }),
    )
  })
})

describe('rankOf', () => {
  it('counts the classes that are higher', () => {
    expect(rankOf([5, 1, 3, 3], 2)).toBe(1)
    expect(rankOf([5, 1, 3, 3], 1)).toBe(3)
    expect(rankOf([1, Number.NaN], 0)).toBe(0)
    expect(rankOf([1, Number.NaN], 1)).toBe(Number.POSITIVE_INFINITY)
  })
})
