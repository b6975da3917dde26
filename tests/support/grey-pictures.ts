import type { DatasetParts } from '../../src/data/dataset.js'
import type { Image } from '../../src/data/image.js'
import { memoryDataset } from '../../src/data/memory-dataset.js'
import { random } from '../../src/random.js'

const greyClasses = ['dark', 'bright']

/** Noise around 60 and around 180, 8×8: a line could tell them apart. */
function greyPictures(part: string, count: number) {
  const labels = Array.from({ length: count }, (_, n) => n % 2)
  const pictures = labels.map((label, n): Image => {
    const stream = random(1, 'test', part, n)
    const data = Uint8Array.from({ length: 3 * 8 * 8 }, () => 60 + 120 * label + stream.between(-40, 40))
    return { shape: [3, 8, 8], data }
  })
  return memoryDataset({ name: `grey ${part}`, classes: greyClasses, pictures, labels })
}

/** So many pictures to learn from, and so many to test with. */
export function greyData(train: number, test: number): DatasetParts {
  return { train: greyPictures('train', train), test: greyPictures('test', test) }
}
