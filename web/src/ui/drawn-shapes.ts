import { memoryReader, shapes } from 'alexnet'
import type { Pixels } from './picture.tsx'
import { fromBytes } from './pixels.ts'

/** A picture of the data set `shapes`. */
export interface DrawnShape {
  readonly pixels: Pixels
  /** Its class. */
  readonly label: string
}

/** The first pictures of the training part of `shapes`: one of each class, over and over. */
export function drawnShapes(seed: number, count: number): DrawnShape[] {
  const { classes, labels, pictures, name } = shapes({ seed, train: count, test: 0 }).train
  const read = memoryReader(pictures, name)
  return Array.from(labels, (label, n) => {
    const { data, shape } = read(n)
    return { pixels: fromBytes(data, shape[1], shape[2]), label: classes[label] }
  })
}
