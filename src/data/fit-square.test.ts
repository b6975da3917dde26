import { expect, it } from 'vitest'
import { random } from '../random.js'
import { fitSquare } from './fit-square.js'
import type { Image } from './image.js'
import { fitImage } from './node/fit-image.js'

/** Smooth colours with some noise: what a photograph is made of. */
function photograph(height: number, width: number): Image {
  const stream = random(1, 'test', height, width)
  const data = Uint8Array.from({ length: 3 * height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)]
    return 128 + 80 * Math.sin(x / 7) * Math.cos(y / 11) + 40 * (stream.uniform() - 0.5)
  })
  return { shape: [3, height, width], data }
}

it.each([
  [300, 400, 224],
  [97, 61, 32],
  [31, 200, 16],
])('reduces %d×%d to %d as Node does through sharp, to two levels', async (height, width, side) => {
  const picture = photograph(height, width)
  const [ours, sharps] = [fitSquare(picture, side), await fitImage(picture, side)]
  expect(ours.shape).toEqual([3, side, side])
  const differences = Array.from(ours.data, (value, i) => Math.abs(value - sharps.data[i]))
  expect(differences.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(2)
})

/*
import numpy as np
from PIL import Image
y, x = np.mgrid[0:9, 0:13]
a = np.stack([(37*x + 59*y + 83*c + x*y) % 256 for c in range(3)], -1).astype(np.uint8)
i = Image.fromarray(a).crop((2, 0, 11, 9))
for side, f in [(5, Image.LANCZOS), (12, Image.BICUBIC)]:
    print(np.asarray(i.resize((side, side), f)).transpose(2, 0, 1)[:, 1].ravel().tolist())
*/
it.each([
  [5, [140, 87, 113, 178, 161, 54, 116, 195, 80, 79, 142, 191, 75, 89, 162]],
  [
    12,
    [
      106, 128, 166, 208, 241, 152, 66, 42, 72, 101, 131, 154, 216, 118, 76, 102, 51, 67, 98, 129, 172, 216, 166, 69,
      116, 74, 62, 98, 125, 166, 210, 213, 93, 106, 102, 60,
    ],
  ],
])('reduces and enlarges as Pillow does, to one level: to %d', (side, expected) => {
  const data = Uint8Array.from({ length: 3 * 9 * 13 }, (_, i) => {
    const [x, y, c] = [i % 13, Math.floor(i / 13) % 9, Math.floor(i / (9 * 13))]
    return 37 * x + 59 * y + 83 * c + x * y
  })
  const fitted = fitSquare({ shape: [3, 9, 13], data }, side)
  const secondRows = [0, 1, 2].flatMap((c) => [...fitted.data.subarray((c * side + 1) * side, (c * side + 2) * side)])
  secondRows.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1)
  })
})

it('leaves what fits as it is', () => {
  const picture = photograph(32, 32)
  expect(fitSquare(picture, 32)).toBe(picture)
})
