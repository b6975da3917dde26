import type { RandomStream } from '../../random.js'
import type { Box } from '../transforms/random-resized-crop.js'
import type { Mixing } from './mixing.js'
import { symmetricBeta } from './symmetric-beta.js'

/**
 * How the pictures of one batch are mixed, each with its partner: the one at the same place in the batch's reverse order.
 * So every picture is once a partner, and the labels of all partners are those of the batch.
 */
export interface Mix {
  /** λ: the share of its own that is left of a picture, and of its label. The partner has the rest. */
  readonly share: number
  /** The rectangle that comes from the partner (CutMix); without it the pictures are added up (mixup). */
  readonly box?: Box
}

/**
 * Draws how a batch of pictures is mixed; undefined: it is left as it is.
 *
 * The rule of timm's `Mixup` (`_params_per_batch`, `rand_bbox`, `correct_lam`) in its mode `batch`; its sources are mixup
 * (Zhang et al., 2018) and CutMix (Yun et al., 2019). A rectangle has √(1 − λ) of both sides, and its centre is any pixel;
 * what sticks out is cut off, so λ is taken from what is left.
 */
export function drawMix(
  { mixup, cutmix, probability, switch: cuts }: Mixing,
  side: number,
  stream: RandomStream,
): Mix | undefined {
  if (!stream.chance(probability)) return undefined
  const isCut = cutmix > 0 && (mixup === 0 || stream.chance(cuts))
  const share = symmetricBeta(isCut ? cutmix : mixup, stream)
  return isCut ? rectangleMix(share, stream.integer(side), stream.integer(side), side) : { share }
}

/**
 * The rectangle with a share 1 − λ of a picture's area about a pixel, as far as it lies within the picture, and the share
 * that it leaves. Its sides are twice their half, rounded down.
 */
export function rectangleMix(share: number, row: number, column: number, side: number): Required<Mix> {
  const half = Math.floor(Math.floor(side * Math.sqrt(1 - share)) / 2)
  const [top, left] = [row, column].map((centre) => Math.max(0, centre - half))
  const [bottom, right] = [row, column].map((centre) => Math.min(side, centre + half))
  const box = { top, left, height: bottom - top, width: right - left }
  return { share: 1 - (box.height * box.width) / side ** 2, box }
}

/** Mixes the pictures of a batch in place. @param shape Theirs: (N, C, H, W). */
export function mixPictures(
  pictures: Float32Array,
  [count, channels, height, width]: readonly number[],
  mix: Mix,
): void {
  const size = channels * height * width
  for (let n = 0; 2 * n < count - 1; n++) {
    const one = pictures.subarray(n * size, (n + 1) * size)
    const other = pictures.subarray((count - 1 - n) * size, (count - n) * size)
    if (mix.box) exchange(one, other, mix.box, [channels, height, width])
    else addUp(one, other, mix.share)
  }
}

function addUp(one: Float32Array, other: Float32Array, share: number): void {
  const rest = 1 - share
  for (let i = 0; i < one.length; i++) {
    const [a, b] = [one[i], other[i]]
    one[i] = share * a + rest * b
    other[i] = share * b + rest * a
  }
}

function exchange(
  one: Float32Array,
  other: Float32Array,
  box: Box,
  [channels, height, width]: readonly number[],
): void {
  for (let c = 0; c < channels; c++)
    for (let y = box.top; y < box.top + box.height; y++) {
      const from = (c * height + y) * width + box.left
      const kept = one.slice(from, from + box.width)
      one.set(other.subarray(from, from + box.width), from)
      other.set(kept, from)
    }
}
