import { expect, it } from 'vitest'
import { imagesOf } from './dataset.js'
import type { Image } from './image.js'
import { memoryDataset } from './memory-dataset.js'

const picture = (height: number, width: number, value: number): Image => ({
  shape: [3, height, width],
  data: new Uint8Array(3 * height * width).fill(value),
})
const pictures = [picture(2, 3, 10), picture(4, 1, 20), picture(1, 1, 30)]
const given = { name: 'own train', classes: ['a', 'b'], pictures, labels: [1, 0, 1] }

it('keeps pictures of any sizes in memory that threads share', async () => {
  const dataset = memoryDataset(given)
  const kept: Image[] = []
  for await (const image of imagesOf(dataset)) kept.push(image)
  expect(kept).toEqual(pictures)
  expect(dataset.labels).toEqual(Uint16Array.from([1, 0, 1]))
  const { store } = dataset.pictures as Extract<typeof dataset.pictures, { kind: 'decoded' }>
  expect('chunks' in store && store.chunks[0].buffer).toBeInstanceOf(SharedArrayBuffer)
})

it.each([
  [{ labels: [1, 0] }, 'own train: expected a label for each of 3 pictures, got 2'],
  [{ labels: [1, 0, 2] }, 'own train: the label of picture 2 is 2, expected 0–1'],
  [{ labels: [1, 0, Number.NaN] }, 'own train: the label of picture 2 is NaN, expected 0–1'],
  [{ classes: ['a', 'a'] }, "own train: two classes are called 'a'"],
  [{ classes: [] }, 'own train: expected the names of its classes, got none'],
  [{ pictures: [], labels: [] }, 'own train: expected pictures, got none'],
  [
    { pictures: [...pictures.slice(1), { ...picture(2, 2, 0), shape: [3, 2, 3] as const }] },
    'own train: picture 2 is 3×2×3 with 12 values, expected 3×H×W with as many',
  ],
])('refuses what does not fit itself: %j', (wrong, message) => {
  expect(() => memoryDataset({ ...given, ...wrong })).toThrow(message)
})
