import { describe, expect, it } from 'vitest'
import { holdOutByContent } from './content-split.js'
import type { Dataset } from './dataset.js'

/** Pictures without pixels, `class: contents`. */
function folder(classes: Readonly<Record<string, readonly string[]>>): Dataset {
  const pictures = Object.values(classes).flatMap((contents, label) => contents.map((content) => ({ label, content })))
  return {
    name: 'folder train',
    classes: Object.keys(classes),
    labels: Uint16Array.from(pictures, ({ label }) => label),
    contents: pictures.map(({ content }) => content),
    pictures: { kind: 'encoded', side: 1, files: pictures.map(({ content }) => content) },
  }
}

const many = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`)
const held = (classes: Readonly<Record<string, readonly string[]>>, wanted: number, seed = 1) =>
  new Set(holdOutByContent(folder(classes), wanted, seed).validation.contents)

describe('holdOutByContent', () => {
  const cats = many('cat', 300)
  const dogs = many('dog', 100)

  it('holds out about the share of each class, the same ones for the same seed', () => {
    const { train, validation } = holdOutByContent(folder({ cat: cats, dog: dogs }), 0.2, 1)
    expect(train.labels.length + validation.labels.length).toBe(400)
    expect(validation.labels.filter((label) => label === 0).length / 300).toBeCloseTo(0.2, 1)
    expect(validation.labels.filter((label) => label === 1).length / 100).toBeCloseTo(0.2, 1)
    expect(held({ cat: cats, dog: dogs }, 0.2)).toEqual(held({ dog: dogs, cat: cats }, 0.2))
    expect(held({ cat: cats, dog: dogs }, 0.2, 2)).not.toEqual(held({ cat: cats, dog: dogs }, 0.2))
  })

  it('moves no picture when others are added, removed or put in another order', () => {
    const before = held({ cat: cats, dog: dogs }, 0.2)
    const after = held({ cat: [...many('new', 50), ...cats.slice(40).reverse()], dog: dogs, eel: many('eel', 30) }, 0.2)
    for (const content of [...cats.slice(40), ...dogs]) expect(after.has(content)).toBe(before.has(content))
  })

  it.each([0.5, 100])('keeps copies of a picture on one side, in whatever class (%d)', (wanted) => {
    const { train, validation } = holdOutByContent(
      folder({ cat: [...cats, ...cats], dog: [...dogs, ...cats] }),
      wanted,
      1,
    )
    const learnt = new Set(train.contents)
    expect(validation.contents?.filter((content) => learnt.has(content))).toEqual([])
    expect(validation.labels.length).toBeGreaterThan(wanted < 1 ? 200 : 40)
  })

  it.each([0.9, 0.01, 8])('leaves each class a picture to learn from, and holds out one at least (%d)', (wanted) => {
    for (let seed = 0; seed < 20; seed++) {
      const { train, validation } = holdOutByContent(
        folder({ many: many('m', 10), rare: ['r'], copies: ['c', 'c'] }),
        wanted,
        seed,
      )
      expect(new Set(train.labels)).toEqual(new Set([0, 1, 2]))
      expect(validation.labels.length).toBeGreaterThan(0)
      if (wanted === 8) expect(validation.labels).toHaveLength(8)
    }
  })

  it('meets a count, of every class the same share', () => {
    const { validation } = holdOutByContent(folder({ cat: cats, dog: dogs }), 40, 1)
    expect(validation.labels.filter((label) => label === 0)).toHaveLength(30)
    expect(validation.labels.filter((label) => label === 1)).toHaveLength(10)
  })

  it('holds out one picture with its copies where a count is smaller than any of them', () => {
    const pairs = (prefix: string) => many(prefix, 4).flatMap((content) => [content, content])
    for (const wanted of [1, 2]) {
      const { train, validation } = holdOutByContent(folder({ cat: pairs('c'), dog: pairs('d') }), wanted, 1)
      expect([train.labels.length, validation.labels.length]).toEqual([14, 2])
    }
    // One picture is in both classes, and any of the others is the last of its class.
    const shared = holdOutByContent(folder({ cat: ['x', 'y'], dog: ['x', 'z'] }), 1, 1)
    expect(shared.validation.labels.length).toBeGreaterThan(0)
    expect(new Set(shared.train.labels)).toEqual(new Set([0, 1]))
    const copies = folder({ cat: ['a', 'a'], dog: ['b', 'b'] })
    expect(() => holdOutByContent(copies, 1, 1)).toThrow('one picture of each class, copies aside')
  })

  it.each([0.2, 20])('holds out nothing that weights have learnt from, and others in its place (%d)', (wanted) => {
    const whole = folder({ cat: many('cat', 50), dog: many('dog', 50) })
    const first = holdOutByContent(whole, wanted, 1)
    const learnt = new Set(first.train.contents)
    for (const seed of [1, 2, 3]) {
      const { train, validation } = holdOutByContent(whole, wanted, seed, learnt)
      expect(validation.contents?.filter((content) => learnt.has(content))).toEqual([])
      expect(train.labels.length + validation.labels.length).toBe(100)
      expect(validation.labels.length).toBeGreaterThanOrEqual(Math.min(18, first.validation.labels.length))
    }
    expect(holdOutByContent(whole, wanted, 1, learnt).validation.contents).toEqual(first.validation.contents)
    const all = new Set(whole.contents)
    expect(() => holdOutByContent(whole, wanted, 1, all)).toThrow('the weights have learnt from all pictures')
  })

  it('refuses more than can be held out', () => {
    const pictures = folder({ cat: many('a', 5), dog: ['b'] })
    expect(() => holdOutByContent(pictures, 5, 1)).toThrow('must be 1 to 4, got 5')
    expect(() => holdOutByContent(folder({ cat: ['a'], dog: ['b'] }), 0.5, 1)).toThrow('one picture of each class')
  })
})
