import type { RandomStream } from '../../random.js'
import type { SignedDistance } from './figures.js'

/** Pixels on a side. */
export const SIDE = 32

const AREA = SIDE * SIDE

/** The picture being drawn, (3, 32, 32), before noise; kept between pictures, and painted over completely. */
const canvas = new Float32Array(3 * AREA)

/** R, G, B; 0–255. */
type Colour = readonly [number, number, number]

/**
 * The least difference in brightness between the figure and the ground: enough for a person, and a small net, to tell the
 * figure in every picture.
 */
const LEAST_CONTRAST = 90

const DARKEST = 25
const BRIGHTEST = 230

const TINT = 50

/**
 * Draws one picture: a ground with a gradient, clutter, the figure at a random place, size, turn and stretch, and noise.
 * Everything is drawn from `stream`, and nothing but the figure's outline depends on the class.
 *
 * @param target (3, 32, 32), 0–255.
 */
export function drawPicture(figure: SignedDistance, stream: RandomStream, target: Uint8ClampedArray): void {
  // Dark on light or light on dark, evenly.
  const dark = stream.between(DARKEST, BRIGHTEST - LEAST_CONTRAST)
  const light = stream.between(dark + LEAST_CONTRAST, BRIGHTEST)
  const inverted = stream.chance(0.5)
  const ground = tinted(inverted ? light : dark, stream)
  const ink = tinted(inverted ? dark : light, stream)
  const farGround = near(ground, 25, stream)
  paintGround(ground, farGround, stream)
  paintClutter(ground, stream)
  paintFigure(figure, ink, stream)
  addNoise(stream.between(5, 25), stream, target)
}

/** A colour of a given brightness (the mean of its channels), of random tint. */
function tinted(brightness: number, stream: RandomStream): Colour {
  const r = stream.between(-TINT, TINT)
  const g = stream.between(-TINT, TINT)
  const b = stream.between(-TINT, TINT)
  const mean = (r + g + b) / 3
  return [brightness + r - mean, brightness + g - mean, brightness + b - mean]
}

/** A colour at most `reach` away in each channel. */
function near([r, g, b]: Colour, reach: number, stream: RandomStream): Colour {
  return [r + stream.between(-reach, reach), g + stream.between(-reach, reach), b + stream.between(-reach, reach)]
}

/** A linear gradient between two colours, in any direction. */
function paintGround(from: Colour, to: Colour, stream: RandomStream): void {
  const angle = stream.between(0, 2 * Math.PI)
  // From corner to corner the projection runs over less than √2 · SIDE, so the share stays within 0–1.
  const across = Math.cos(angle) / (Math.SQRT2 * SIDE)
  const down = Math.sin(angle) / (Math.SQRT2 * SIDE)
  const middle = (SIDE - 1) / 2
  for (let c = 0; c < 3; c++) {
    const span = to[c] - from[c]
    for (let y = 0; y < SIDE; y++) {
      const row = (c * SIDE + y) * SIDE
      const start = from[c] + span * (0.5 + (y - middle) * down - middle * across)
      for (let x = 0; x < SIDE; x++) canvas[row + x] = start + span * across * x
    }
  }
}

/** Thin strokes and small blobs behind the figure: edges that are not the figure's. */
function paintClutter(ground: Colour, stream: RandomStream): void {
  const count = 1 + stream.integer(4)
  for (let n = 0; n < count; n++) {
    // Seen, but of less contrast than the figure.
    const paint = near(ground, 60, stream)
    const x = stream.between(0, SIDE)
    const y = stream.between(0, SIDE)
    const angle = stream.between(0, 2 * Math.PI)
    // A capsule: a blob when its length is 0.
    const length = stream.chance(0.6) ? stream.between(5, 16) : 0
    const radius = length > 0 ? stream.between(0.5, 1) : stream.between(1, 2.5)
    const dx = Math.cos(angle)
    const dy = Math.sin(angle)
    paintWhere(x + (dx * length) / 2, y + (dy * length) / 2, length / 2 + radius, paint, paint, (px, py) => {
      const along = Math.min(length, Math.max(0, (px - x) * dx + (py - y) * dy))
      return Math.hypot(px - x - along * dx, py - y - along * dy) - radius
    })
  }
}

function paintFigure(figure: SignedDistance, ink: Colour, stream: RandomStream): void {
  const radius = stream.between(8, 12)
  const margin = radius
  const x = stream.between(margin, SIDE - margin)
  const y = stream.between(margin, SIDE - margin)
  const angle = stream.between(0, 2 * Math.PI)
  const stretch = Math.exp(stream.between(-0.1, 0.1))
  const shaded = near(ink, 25, stream)
  const across = Math.cos(angle) / radius
  const down = Math.sin(angle) / radius
  const mirrored = stream.chance(0.5) ? -1 : 1
  // Corners reach 1.1 radii, and the stretch adds a tenth.
  paintWhere(x, y, 1.25 * radius, ink, shaded, (px, py) => {
    const u = (px - x) * across + (py - y) * down
    const v = (py - y) * across - (px - x) * down
    return figure(u * stretch, (mirrored * v) / stretch) * radius
  })
}

/**
 * Paints where `distanceAt` (pixels) is below 0, over the square of `reach` pixels about (x, y), with edges one pixel
 * soft. The paint runs from `above` to `below` down the square.
 */
function paintWhere(
  x: number,
  y: number,
  reach: number,
  above: Colour,
  below: Colour,
  distanceAt: SignedDistance,
): void {
  const firstRow = Math.max(0, Math.floor(y - reach - 1))
  const lastRow = Math.min(SIDE - 1, Math.ceil(y + reach))
  const firstColumn = Math.max(0, Math.floor(x - reach - 1))
  const lastColumn = Math.min(SIDE - 1, Math.ceil(x + reach))
  for (let row = firstRow; row <= lastRow; row++) {
    const share = Math.min(1, Math.max(0, 0.5 + (row + 0.5 - y) / (2 * reach)))
    const r = above[0] + (below[0] - above[0]) * share
    const g = above[1] + (below[1] - above[1]) * share
    const b = above[2] + (below[2] - above[2]) * share
    for (let column = firstColumn; column <= lastColumn; column++) {
      const cover = 0.5 - distanceAt(column + 0.5, row + 0.5)
      if (cover <= 0) continue
      const opacity = Math.min(cover, 1)
      const at = row * SIDE + column
      canvas[at] += (r - canvas[at]) * opacity
      canvas[at + AREA] += (g - canvas[at + AREA]) * opacity
      canvas[at + 2 * AREA] += (b - canvas[at + 2 * AREA]) * opacity
    }
  }
}

/**
 * Adds uniform noise of ± `amplitude` to every value: a xorshift sequence started by the stream, since a counter-based
 * number for each pixel would cost more than all the drawing.
 */
function addNoise(amplitude: number, stream: RandomStream, target: Uint8ClampedArray): void {
  const scale = amplitude / 127.5
  // Any start but 0 runs through all 2³² − 1 states.
  let word = stream.uint32() | 1
  for (let i = 0; i < AREA; i++) {
    word ^= word << 13
    word ^= word >>> 17
    word ^= word << 5
    // The upper bits, one byte a channel: xorshift's lowest are its weakest.
    target[i] = canvas[i] + ((word >>> 24) - 127.5) * scale
    target[i + AREA] = canvas[i + AREA] + (((word >>> 16) & 255) - 127.5) * scale
    target[i + 2 * AREA] = canvas[i + 2 * AREA] + (((word >>> 8) & 255) - 127.5) * scale
  }
}
