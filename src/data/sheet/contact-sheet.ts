import type { Image } from '../image.js'
import { drawText, GLYPH_HEIGHT, GLYPH_WIDTH } from './bitmap-font.js'

/** A row of pictures with a line of text above it. */
export interface SheetRow {
  readonly label: string
  readonly cells: readonly Image[]
}

const PAPER = 250
const INK = 40
const GAP = 8
/** How many pixels a pixel of the font takes. */
const TEXT = 2
const LINE = GLYPH_HEIGHT * TEXT
/** Pictures smaller than this are drawn with larger pixels. */
const READABLE = 96

/**
 * A contact sheet: rows of pictures, each under its label, on paper. Letters are a bitmap font of our own, since a machine
 * need not have any.
 *
 * @returns (3, H, W).
 */
export function contactSheet(rows: readonly SheetRow[]): Image {
  const largest = Math.max(1, ...rows.flatMap(({ cells }) => cells.flatMap(({ shape }) => [shape[1], shape[2]])))
  const zoom = Math.ceil(READABLE / largest)
  const pitch = largest * zoom + GAP
  const most = Math.max(...rows.map(({ cells }) => cells.length))
  const longest = Math.max(...rows.map(({ label }) => label.length))
  const width = GAP + Math.max(most * pitch, longest * (GLYPH_WIDTH + 1) * TEXT + GAP)
  const heights = rows.map(({ cells }) => LINE + GAP + zoom * Math.max(...cells.map(({ shape }) => shape[1])) + 2 * GAP)
  const height = GAP + heights.reduce((sum, own) => sum + own, 0)
  const data = new Uint8Array(3 * height * width).fill(PAPER)
  const sheet: Image = { shape: [3, height, width], data }
  let top = GAP
  rows.forEach(({ label, cells }, row) => {
    drawText(label, (x, y) => fill(sheet, top + y * TEXT, GAP + x * TEXT, TEXT, INK))
    cells.forEach((cell, n) => {
      paste(sheet, cell, top + LINE + GAP, GAP + n * pitch, zoom)
    })
    top += heights[row]
  })
  return sheet
}

/** A square of one gray. */
function fill({ shape: [, height, width], data }: Image, top: number, left: number, side: number, gray: number): void {
  for (let c = 0; c < 3; c++)
    for (let y = top; y < top + side; y++) {
      const start = (c * height + y) * width + left
      data.fill(gray, start, start + side)
    }
}

function paste(sheet: Image, cell: Image, top: number, left: number, zoom: number): void {
  const [, height, width] = cell.shape
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < height * zoom; y++) {
      const to = (c * sheet.shape[1] + top + y) * sheet.shape[2] + left
      const from = (c * height + Math.floor(y / zoom)) * width
      for (let x = 0; x < width * zoom; x++) sheet.data[to + x] = cell.data[from + Math.floor(x / zoom)]
    }
}
