import type { RandomStream } from '../../random.js'
import { centreCorner } from './centre-crop.js'
import type { Corner } from './crop.js'
import { drawMirror } from './mirror.js'
import { drawCorner } from './random-crop.js'
import type { Transform } from './transform.js'

/**
 * Where every pixel after a chain of crops and mirrors comes from. Such a chain only moves and mirrors, so however long
 * it is, it is one copy:
 *
 *   out(y, x) = in(top + y, left + step · x)   for firstRow ≤ y < endRow, firstColumn ≤ x < endColumn, else 0.
 */
export class Placement {
  top = 0
  left = 0
  /** -1: mirrored. */
  step: 1 | -1 = 1
  firstRow = 0
  endRow: number
  firstColumn = 0
  endColumn: number

  /** Begins as the whole picture, as it is. */
  constructor(
    public height: number,
    public width: number,
  ) {
    this.endRow = height
    this.endColumn = width
  }

  crop({ top, left }: Corner, size: number): void {
    this.top += top
    this.left += this.step * left
    this.firstRow = Math.max(0, this.firstRow - top)
    this.endRow = Math.min(size, this.endRow - top)
    this.firstColumn = Math.max(0, this.firstColumn - left)
    this.endColumn = Math.min(size, this.endColumn - left)
    this.height = size
    this.width = size
  }

  mirror(): void {
    this.left += this.step * (this.width - 1)
    this.step = this.step === 1 ? -1 : 1
    const first = this.width - this.endColumn
    this.endColumn = this.width - this.firstColumn
    this.firstColumn = first
  }
}

/**
 * The placement of one use of a picture of height × width.
 *
 * @param stream Draws the augmentation of training; without it, the counterpart in a test: the crop in the middle, and
 * no mirror.
 */
export function place(
  height: number,
  width: number,
  chain: readonly Transform[],
  stream: RandomStream | undefined,
): Placement {
  const placement = new Placement(height, width)
  for (const transform of chain) {
    if (transform.kind === 'random-crop') {
      const corner = stream
        ? drawCorner(placement.height, placement.width, transform, stream)
        : centreCorner(placement.height, placement.width, transform.size)
      placement.crop(corner, transform.size)
    } else if (stream && drawMirror(stream)) placement.mirror()
  }
  return placement
}
