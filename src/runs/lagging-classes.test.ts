import { describe, expect, it } from 'vitest'
import { describeLagging, laggingClasses } from './lagging-classes.js'
import { checkRecipe } from './recipe.js'

/** Of each class how many pictures, and how many of them were recognised. */
const results = (...classes: [pictures: number, correct: number][]) =>
  classes.map(([pictures, correct], label) => ({ label, pictures, correct, taken: correct }))
const even = [100, 100, 100]
const labels = (...args: Parameters<typeof laggingClasses>) => laggingClasses(...args).map(({ label }) => label)

const recipe = checkRecipe(
  { model: { name: 'alexnet' }, data: { name: 'pictures' }, training: { epochs: 1 }, optimizer: { rate: 1 } },
  'test',
)

describe('laggingClasses', () => {
  it('are those that are recognised much less often than all others, the worst first', () => {
    expect(labels(results([100, 90], [100, 50], [100, 10]), even)).toEqual([2])
    expect(labels(results([100, 95], [100, 30], [100, 95], [100, 20], [100, 95]), [...even, 100, 100])).toEqual([3, 1])
  })

  it('are not those that chance may make, nor those that differ little', () => {
    expect(labels(results([5, 5], [5, 4], [5, 3]), even)).toEqual([])
    expect(labels(results([100_000, 95_000], [100_000, 84_000]), even)).toEqual([])
    expect(labels(results([100_000, 95_000], [100_000, 79_000]), even)).toEqual([1])
  })

  it('are told from the rest by the test of two proportions', () => {
    // 40 of 50 against 24 of 50: p = 0.64, standard error 0.096, a gap of 0.32 is 3.33 of them; of 0.28 it is 2.9.
    expect(labels(results([50, 40], [50, 24]), even)).toEqual([1])
    expect(labels(results([50, 40], [50, 26]), even)).toEqual([])
  })

  it('may be the rare ones of a network that names the most frequent class', () => {
    expect(laggingClasses(results([900, 900], [90, 0]), [9000, 900])).toMatchObject([
      { label: 1, recall: 0, isRare: true },
    ])
  })

  it('are not all that a guessing network does not name', () => {
    expect(labels(results([50, 50], [45, 0], [4, 0]), [100, 90, 34])).toEqual([])
    expect(labels(results([50, 50], [45, 0], [9, 0]), [100, 90, 18])).toEqual([2])
  })

  it('need other classes, and pictures', () => {
    expect(labels(results([10, 1]), [10])).toEqual([])
    expect(labels(results([100, 95], [0, 0], [100, 55]), even)).toEqual([2])
  })
})

describe('describeLagging', () => {
  it('advises by how many pictures the class had to learn from', () => {
    const own = results([100, 90], [50, 10])
    expect(describeLagging(laggingClasses(own, [300, 100]), ['cat', 'heron'], recipe)).toBe(
      'recognised far less often than the others: heron 20.00 % (10 of 50); rare classes count for more with --balanced, or with --class-weights balanced',
    )
    expect(describeLagging(laggingClasses(own, [300, 101]), ['cat', 'heron'], recipe)).toMatch(
      /; look for wrong labels/,
    )
    const balanced = { data: { ...recipe.data, sampling: 'balanced' } } as const
    expect(describeLagging(laggingClasses(own, [300, 100]), ['cat', 'heron'], balanced)).toMatch(/; few pictures teach/)
  })

  it('names five at most', () => {
    const own = results(
      ...Array.from({ length: 40 }, (): [number, number] => [100, 95]),
      ...Array.from({ length: 7 }, (): [number, number] => [100, 1]),
    )
    const names = own.map(({ label }) => `c${label}`)
    expect(
      describeLagging(
        laggingClasses(
          own,
          names.map(() => 1),
        ),
        names,
        recipe,
      ),
    ).toMatch(/c40 .*c44 1\.00 % \(1 of 100\), and 2 more;/)
  })
})
