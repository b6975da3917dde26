import { describe, expect, it } from 'vitest'
import { balancedOrder } from './balanced-order.js'

/** Three classes of 70, 20 and 3 pictures; the last has none. */
const members = [70, 20, 3, 0].map((count, label) => Array.from({ length: count }, (_, i) => 100 * label + i))
const USES = 88
const epochOf = (epoch: number, seed = 1) => balancedOrder(members, USES, seed, epoch)
/** Of the first epochs of a run, one after the other: which picture, and its round. */
const usesOf = (epochs: number, seed = 1) =>
  Array.from({ length: epochs }, (_, epoch) => epochOf(epoch, seed)).flatMap(({ order, rounds }) =>
    Array.from(order, (picture, i) => ({ picture, label: Math.floor(picture / 100), round: rounds[i] })),
  )

describe('balancedOrder', () => {
  it('has every class equally often in any stretch, and across the end of an epoch', () => {
    const labels = usesOf(5).map(({ label }) => label)
    // 440 uses are 146 rows of three, and two more.
    for (let row = 0; row < 438; row += 3) expect(labels.slice(row, row + 3).toSorted()).toEqual([0, 1, 2])
    expect(labels).toHaveLength(440)
  })

  it('takes all pictures of a class before one comes again', () => {
    for (const [label, pictures] of members.slice(0, 3).entries()) {
      const own = usesOf(12).filter((use) => use.label === label)
      const rounds = Math.floor(own.length / pictures.length)
      expect(rounds).toBeGreaterThan(3)
      for (let round = 0; round < rounds; round++) {
        const uses = own.slice(round * pictures.length, (round + 1) * pictures.length)
        expect(uses.map(({ picture }) => picture).toSorted((a, b) => a - b)).toEqual(pictures)
        // With (seed, round, picture) no use has the random numbers of another.
        expect(new Set(uses.map((use) => use.round))).toEqual(new Set([round]))
      }
    }
  })

  it('has another order in each round, for each class and seed, and the same for the same', () => {
    const own = usesOf(20).filter(({ label }) => label === 1)
    const rounds = [0, 1].map((round) => own.filter((use) => use.round === round).map(({ picture }) => picture))
    expect(rounds[0]).not.toEqual(rounds[1])
    expect(usesOf(1, 2)).not.toEqual(usesOf(1))
    expect(epochOf(3)).toEqual(epochOf(3))
  })

  it('draws the turns of the classes by lot: each is as often the first', () => {
    const labels = usesOf(40).map(({ label }) => label)
    const firsts = [0, 0, 0]
    for (let row = 0; row + 3 <= labels.length; row += 3) firsts[labels[row]]++
    const rows = firsts.reduce((a, b) => a + b)
    // Within four standard errors of a third.
    for (const count of firsts) expect(Math.abs(count / rows - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / rows))
  })

  it('is what WeightedRandomSampler expects: of a class with n of N pictures each comes N/(n·classes) times an epoch', () => {
    const times = new Map<number, number>()
    for (const { picture } of usesOf(60)) times.set(picture, (times.get(picture) ?? 0) + 1)
    for (const [label, pictures] of members.entries())
      for (const picture of pictures) {
        const expected = (60 * USES) / (3 * members[label].length)
        expect(Math.abs((times.get(picture) ?? 0) - expected)).toBeLessThanOrEqual(1)
      }
  })
})
