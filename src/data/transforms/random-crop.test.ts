import { expect, it } from 'vitest'
import { random } from '../../random.js'
import { float32 } from '../../tensor.js'
import { drawCorner, randomCrop } from './random-crop.js'

it('draws every corner of the padded picture, none outside, about equally often', () => {
  const stream = random(1, 'test')
  const counts = new Map<string, number>()
  for (let i = 0; i < 6000; i++) {
    const { top, left } = drawCorner(4, 5, { size: 4, padding: 1 }, stream)
    counts.set(`${top},${left}`, (counts.get(`${top},${left}`) ?? 0) + 1)
  }
  // Rows -1, 0, 1; columns -1 … 2.
  expect([...counts.keys()].sort()).toEqual(
    [-1, 0, 1].flatMap((top) => [-1, 0, 1, 2].map((left) => `${top},${left}`)).sort(),
  )
  for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100)
})

it('cuts out what it has drawn', () => {
  const picture = float32([1, 2, 2], [1, 2, 3, 4])
  const { top, left } = drawCorner(2, 2, { size: 2, padding: 1 }, random(3, 'test'))
  const at = (y: number, x: number) => (y < 0 || y > 1 || x < 0 || x > 1 ? 0 : picture.data[2 * y + x])
  const expected = [at(top, left), at(top, left + 1), at(top + 1, left), at(top + 1, left + 1)]
  expect([...randomCrop(picture, { size: 2, padding: 1 }, random(3, 'test')).data]).toEqual(expected)
})
