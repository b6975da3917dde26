import { expect, it } from 'vitest'
import { fromInterleaved, type Image } from '../image.js'
import { fitImage } from './fit-image.js'

/** `colour` of every pixel (y, x). */
function image(height: number, width: number, colour: (y: number, x: number) => number): Image {
  const pixels = new Uint8Array(height * width * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.fill(colour(y, x), 3 * (y * width + x), 3 * (y * width + x + 1))
  return fromInterleaved(pixels, height, width, 3)
}

it('takes the middle square, of a wide and of a tall picture', async () => {
  const wide = await fitImage(
    image(40, 100, (_, x) => (x >= 30 && x < 70 ? 200 : 0)),
    10,
  )
  expect(wide.shape).toEqual([3, 10, 10])
  expect(new Set(wide.data)).toEqual(new Set([200]))
  const tall = await fitImage(
    image(100, 40, (y) => (y >= 30 && y < 70 ? 200 : 0)),
    10,
  )
  expect(new Set(tall.data)).toEqual(new Set([200]))
})

it('averages when it shrinks, rather than picking pixels', async () => {
  const checkers = await fitImage(
    image(64, 64, (y, x) => ((x + y) % 2 ? 200 : 100)),
    8,
  )
  for (const value of checkers.data) expect(Math.abs(value - 150)).toBeLessThanOrEqual(5)
})

it('enlarges too, and leaves what fits as it is', async () => {
  expect(
    (
      await fitImage(
        image(4, 4, () => 50),
        8,
      )
    ).data,
  ).toEqual(new Uint8Array(3 * 64).fill(50))
  const fitting = image(8, 8, (y, x) => 8 * y + x)
  expect(await fitImage(fitting, 8)).toEqual(fitting)
})
