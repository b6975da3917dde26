/**
 * Draws docs/shapes.png: pictures of the built-in data set, a column a class.
 *
 *     npx tsx scripts/draw-shapes.ts
 */
import sharp from 'sharp'
import { toInterleaved } from '../src/data/image.js'
import { memoryReader } from '../src/data/pictures.js'
import { shapes } from '../src/data/shapes.js'

const ROWS = 6
const SIDE = 64
const GAP = 4
const LABEL = 20

const { train } = shapes({ seed: 1, train: 10 * ROWS, test: 0 })
const pictureAt = memoryReader(train.pictures, train.name)
const width = train.classes.length * (SIDE + GAP) - GAP
const height = ROWS * (SIDE + GAP) - GAP + LABEL

const pictures = await Promise.all(
  Array.from(train.labels, async (label, n) => ({
    input: await sharp(toInterleaved(pictureAt(n)), {
      raw: { width: 32, height: 32, channels: 3 },
    })
      .resize(SIDE, SIDE, { kernel: 'nearest' })
      .png()
      .toBuffer(),
    left: label * (SIDE + GAP),
    top: Math.floor(n / train.classes.length) * (SIDE + GAP) + LABEL,
  })),
)
const labels = train.classes.map(
  (name, i) => `<text x="${i * (SIDE + GAP) + SIDE / 2}" y="14" text-anchor="middle">${name}</text>`,
)
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#333">${labels.join('')}</svg>`
await sharp({ create: { width, height, channels: 3, background: '#fff' } })
  .composite([{ input: Buffer.from(svg), left: 0, top: 0 }, ...pictures])
  .png({ palette: true })
  .toFile('docs/shapes.png')
