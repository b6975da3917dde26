import sharp from 'sharp'
import { toInterleaved } from '../../data/image.js'
import type { LivePicture, LiveProgress, LiveSnapshot } from '../../runs/live.js'
import { readLiveSnapshot } from '../../runs/node/read-run.js'
import type { NamedRun } from '../../runs/node/run-folders.js'
import type { Tensor } from '../../tensor.js'
import type { LiveResponse, TileGrid } from '../api-types.js'
import { HttpProblem } from '../problem.js'

const COLUMNS = 8
const GAP = 1

/** Where a training is, and what its net looks like: the pictures as grids, which `drawPicture` draws. */
export function liveResponse(progress: LiveProgress | undefined, inside: LiveSnapshot | undefined): LiveResponse {
  if (!inside) return { progress: progress ?? null, inside: null }
  const { labels, mistakes: pictures, ...rest } = inside.record
  const { filters, batch, mistakes } = inside.pictures
  return {
    progress: progress ?? null,
    inside: {
      ...rest,
      pictures: {
        filters: filters ? gridOf(filters) : null,
        batch: batch ? { ...gridOf(batch), labels } : null,
        mistakes: mistakes ? { ...gridOf(mistakes), pictures } : null,
      },
    },
  }
}

/**
 * One of the pictures as a PNG: its tiles in a grid, on a transparent ground.
 * @throws HttpProblem 404
 */
export async function drawPicture(run: NamedRun, name: LivePicture): Promise<Uint8Array> {
  const tensor = (await readLiveSnapshot(run))?.pictures[name]
  if (!tensor) throw new HttpProblem(404, 'not-found', `the run has no picture of ${name}`, 'It comes with an epoch.')
  const { count, columns, tileWidth, tileHeight, gap } = gridOf(tensor)
  const rows = Math.ceil(count / columns)
  const [width, height] = [columns * (tileWidth + gap) - gap, rows * (tileHeight + gap) - gap]
  const pixels = new Uint8Array(4 * width * height)
  const size = 3 * tileWidth * tileHeight
  for (let i = 0; i < count; i++) {
    const tile = toInterleaved({
      shape: [3, tileHeight, tileWidth],
      data: tensor.data.subarray(i * size, (i + 1) * size),
    })
    const [left, top] = [(i % columns) * (tileWidth + gap), Math.floor(i / columns) * (tileHeight + gap)]
    for (let y = 0; y < tileHeight; y++)
      for (let x = 0; x < tileWidth; x++) {
        const to = 4 * ((top + y) * width + left + x)
        const from = 3 * (y * tileWidth + x)
        pixels.set(tile.subarray(from, from + 3), to)
        pixels[to + 3] = 255
      }
  }
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer()
}

function gridOf({ shape: [count, , tileHeight, tileWidth] }: Tensor): TileGrid {
  return { count, columns: Math.min(COLUMNS, count), tileWidth, tileHeight, gap: GAP }
}
