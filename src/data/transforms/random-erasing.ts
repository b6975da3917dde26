import * as z from 'zod'
import { RandomStream } from '../../random.js'
import { fillNormal } from './normal-table.js'
import { type Box, drawInside } from './random-resized-crop.js'
import { range, shares } from './ranges.js'
import { plainKind } from './transform-kind.js'

const randomErasingSchema = z
  .strictObject({
    kind: z.literal('random-erasing'),
    probability: z.number().min(0).max(1).default(0.5).describe('Of a use of a picture.'),
    scale: shares.default([0.02, 0.33]).describe("The least and the greatest area, as shares of the picture's."),
    ratio: range.default([0.3, 3.3]).describe('The least and the greatest aspect, height to width.'),
    side: z
      .int()
      .positive()
      .optional()
      .describe(
        'A square of so many pixels about any pixel, in place of `scale` and `ratio`: what reaches beyond the picture is ' +
          'cut off (Cutout).',
      ),
    fill: z
      .enum(['mean', 'random'])
      .default('mean')
      .describe('What is put there: the mean, or for each value a normal number of its own.'),
  })
  .describe('A rectangle of the picture erased, after all else. In a test: nothing.')

type RandomErasing = z.infer<typeof randomErasingSchema>

/**
 * torchvision's `RandomErasing` (Zhong et al., 2017); with `side` the Cutout of DeVries and Taylor, 2017. One number of the
 * stream, whether; then two, the key of a stream of the rectangle's own, since its frame is that of the finished picture.
 */
export const randomErasingKind = plainKind(randomErasingSchema, {
  train(settings, { passes }, stream) {
    if (!stream.chance(settings.probability)) return
    const own = new RandomStream(stream.uint32(), stream.uint32())
    passes.push(({ data, offset, channels, height, width }) => {
      const box = drawRectangle(height, width, settings, own)
      if (!box) return
      for (let c = 0; c < channels; c++)
        for (let y = box.top; y < box.top + box.height; y++) {
          const start = offset + (c * height + y) * width + box.left
          const row = data.subarray(start, start + box.width)
          if (settings.fill === 'mean') row.fill(0)
          else fillNormal(row, row.length, own)
        }
    })
  },
})

/** Area and aspect for each of ten tries, then row and column; of a square its centre. Undefined: none fits. */
export function drawRectangle(
  height: number,
  width: number,
  { scale, ratio: [least, most], side }: Pick<RandomErasing, 'scale' | 'ratio' | 'side'>,
  stream: RandomStream,
): Box | undefined {
  // Less than the whole height or width.
  if (side === undefined) return drawInside(height, width, { scale, ratio: [1 / most, 1 / least] }, stream, 1)
  const [top, bottom] = around(stream.integer(height), side, height)
  const [left, right] = around(stream.integer(width), side, width)
  return { top, left, height: bottom - top, width: right - left }
}

function around(centre: number, side: number, end: number): [number, number] {
  const start = centre - Math.floor(side / 2)
  return [Math.max(0, start), Math.min(end, start + side)]
}
