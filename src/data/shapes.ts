import { random } from '../random.js'
import type { Dataset } from './dataset.js'
import { equalPictures } from './pictures.js'
import { drawPicture, SIDE } from './shapes/draw.js'
import { figures } from './shapes/figures.js'
import { sharedBytes } from './shared-bytes.js'

export interface ShapesOptions {
  /** Everything is drawn from it: the same seed gives the same bytes. */
  readonly seed: number
  /** Training pictures; default 8,000. */
  readonly train?: number
  /** Test pictures; default 2,000. */
  readonly test?: number
}

/**
 * The data set that is always there: ten figures on 32×32 RGB pictures, drawn by code, at any place, size, turn and
 * colour, over clutter and noise. A linear classifier hardly beats chance on it, a small convolutional net passes 98 %, so
 * it shows within a minute whether training works.
 *
 * Picture n shows class n mod 10, so every prefix is balanced. Fewer pictures are a prefix of more.
 *
 * @example const { train, test } = shapes({ seed: 1 })
 */
export function shapes({ seed, train = 8000, test = 2000 }: ShapesOptions): { train: Dataset; test: Dataset } {
  return { train: draw('train', train, seed), test: draw('test', test, seed) }
}

function draw(part: 'train' | 'test', count: number, seed: number): Dataset {
  const classes = Object.keys(figures)
  const outlines = Object.values(figures)
  const pixels = 3 * SIDE * SIDE
  const images = sharedBytes(count * pixels)
  const labels = new Uint16Array(count)
  for (let n = 0; n < count; n++) {
    labels[n] = n % classes.length
    // Clamped, since noise may reach beyond 0–255.
    const target = new Uint8ClampedArray(images.buffer, n * pixels, pixels)
    drawPicture(outlines[labels[n]], random(seed, 'shapes', part, n), target)
  }
  return { name: `shapes ${part}`, classes, pictures: equalPictures(SIDE, SIDE, images), labels }
}
