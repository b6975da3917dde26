import { expect, it } from 'vitest'
import { random } from '../../random.js'
import { float32 } from '../../tensor.js'
import { mirror, randomMirror } from './mirror.js'

const picture = float32([2, 1, 3], [1, 2, 3, 4, 5, 6])

it('exchanges left and right', () => {
  expect(mirror(picture)).toEqual(float32([2, 1, 3], [3, 2, 1, 6, 5, 4]))
  expect(mirror(mirror(picture))).toEqual(picture)
})

it('mirrors half of the pictures', () => {
  const stream = random(1, 'test')
  let mirrored = 0
  for (let i = 0; i < 1000; i++) if (randomMirror(picture, stream).data[0] === 3) mirrored++
  expect(Math.abs(mirrored - 500)).toBeLessThan(60)
})
