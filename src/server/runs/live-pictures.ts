import { readFile, stat } from 'node:fs/promises'
import sharp from 'sharp'
import { toInterleaved } from '../../data/image.js'
import { decodeSafetensors } from '../../formats/safetensors.js'
import type { LiveRecord } from '../../runs/live.js'
import type { Tensor } from '../../tensor.js'
import { LIVE_FORMAT } from '../../training/node/live-writer.js'
import type { LiveInside, TileGrid } from '../api-types.js'
import { HttpProblem } from '../problem.js'
import { fileOf, type NamedRun } from './run-folders.js'

/** The pictures of what a net looks like. */
export const livePictures = ['filters', 'batch', 'mistakes'] as const
export type LivePicture = (typeof livePictures)[number]

const COLUMNS = 8
const GAP = 1

/** What the net of a run looks like; null for a run that has not told. */
export async function readInside(run: NamedRun): Promise<LiveInside | null> {
  const live = await readLive(run)
  if (!live) return null
  const { record, tensors } = live
  const { labels, mistakes, ...rest } = record
  const [filters, batch, wrong] = livePictures.map((name) => (tensors[name] ? gridOf(tensors[name]) : null))
  return {
    ...rest,
    pictures: {
      filters,
      batch: batch && { ...batch, labels },
      mistakes: wrong && { ...wrong, pictures: mistakes },
    },
  }
}

/**
 * One of the pictures as a PNG: its tiles in a grid, on a transparent ground.
 * @throws HttpProblem 404
 */
export async function drawPicture(run: NamedRun, name: LivePicture): Promise<Uint8Array> {
  const tensor = (await readLive(run))?.tensors[name]
  if (!tensor) throw new HttpProblem(404, 'not-found', `the run has no picture of ${name}`, 'It comes with an epoch.')
  const { count, columns, tileWidth, tileHeight, gap } = gridOf(tensor)
  const rows = Math.ceil(count / columns)
  const [width, height] = [columns * (tileWidth + gap) - gap, rows * (tileHeight + gap) - gap]
  const pixels = new Uint8Array(4 * width * height)
  const size = 3 * tileWidth * tileHeight
  for (let i = 0; i < count; i++) {
    const tile = toInterleaved({
      shape: [3, tileHeight, tileWidth],
      data: (tensor.data as Uint8Array).subarray(i * size, (i + 1) * size),
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

/** When a run last told what its net looks like; 0: never. */
export async function lastInside(run: NamedRun): Promise<number> {
  const file = await fileOf(run, 'live.safetensors').catch(() => undefined)
  const entry = file && (await stat(file).catch(() => undefined))
  return entry ? entry.mtimeMs : 0
}

async function readLive(run: NamedRun) {
  const file = await fileOf(run, 'live.safetensors').catch(() => undefined)
  const bytes = file && (await readFile(file).catch(() => undefined))
  if (!bytes) return undefined
  const { tensors, metadata } = decodeSafetensors(bytes)
  if (metadata.format !== LIVE_FORMAT) return undefined
  return { tensors, record: JSON.parse(metadata.record) as LiveRecord }
}

function gridOf({ shape: [count, , tileHeight, tileWidth] }: Tensor): TileGrid {
  return { count, columns: Math.min(COLUMNS, count), tileWidth, tileHeight, gap: GAP }
}
