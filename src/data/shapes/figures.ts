/**
 * The figures as signed distances: below 0 inside, above 0 outside, in units of the figure's radius. All fit the circle
 * of radius 1 about (0, 0), or nearly. Near the edge the values are distances, which is all that anti-aliasing needs.
 *
 * No figure is another one turned, and at 13 pixels across they are still ten different things.
 */
export type SignedDistance = (x: number, y: number) => number

const SQRT3 = Math.sqrt(3)

function circle(x: number, y: number): number {
  return Math.sqrt(x * x + y * y) - 0.85
}

function ring(x: number, y: number): number {
  return Math.abs(Math.sqrt(x * x + y * y) - 0.7) - 0.2
}

function square(x: number, y: number): number {
  return Math.max(Math.abs(x), Math.abs(y)) - 0.72
}

/** Equilateral: the greatest distance from its three sides, each ½ from the middle. */
function triangle(x: number, y: number): number {
  return Math.max(-y, (SQRT3 * Math.abs(x) + y) / 2) - 0.5
}

const STAR_COSINE = Math.cos(Math.PI / 5)
const STAR_SINE = Math.sin(Math.PI / 5)
/** The inner corners' radius. */
const STAR_INNER = 0.42
/** The edge's unit normal, from the tip (0, 1) to the inner corner 36° beside it. */
const STAR_NORMAL = unit(1 - STAR_INNER * STAR_COSINE, STAR_INNER * STAR_SINE)

/** Five tips. Three mirrors fold the plane onto the sector between a tip and the inner corner beside it. */
function star(x: number, y: number): number {
  let u = Math.abs(x)
  let v = y
  // The mirrors at 36° and 72° from the tip: what lies beyond one is folded back.
  const beyond = 2 * Math.max(0, STAR_COSINE * u - STAR_SINE * v)
  u = Math.abs(u - beyond * STAR_COSINE)
  v += beyond * STAR_SINE
  const again = 2 * Math.max(0, STAR_COSINE * u - STAR_SINE * v)
  u = Math.abs(u - again * STAR_COSINE)
  v += again * STAR_SINE
  return STAR_NORMAL.x * u + STAR_NORMAL.y * (v - 1)
}

function cross(x: number, y: number): number {
  const along = Math.max(Math.abs(x), Math.abs(y))
  const across = Math.min(Math.abs(x), Math.abs(y))
  return Math.max(along - 0.92, across - 0.27)
}

/** A disc without a smaller disc beside its middle. */
function crescent(x: number, y: number): number {
  const hole = Math.sqrt((x - 0.62) * (x - 0.62) + y * y) - 0.8
  return Math.max(Math.sqrt((x - 0.1) * (x - 0.1) + y * y) - 0.98, -hole)
}

/** The right one of two lobes; the tip hangs on the tangents of both. */
const LOBE = { x: 0.44, y: 0.36, radius: 0.46 }
const HEART_TIP = -0.95
const HEART_SIDE = tangent(LOBE.x, LOBE.y - HEART_TIP, LOBE.radius)
/** From the middle of the notch to where the tangent touches the lobe: above it, the lobes alone. */
const HEART_MIDDLE = 0.45
const HEART_LID = unit(HEART_MIDDLE - (LOBE.y + LOBE.radius * HEART_SIDE.y), LOBE.x + LOBE.radius * HEART_SIDE.x)

/** Two discs and the wedge below, with a notch deep enough that it is not taken for a square on its corner. */
function heart(x: number, y: number): number {
  const u = Math.abs(x)
  const lobe = Math.sqrt((u - LOBE.x) * (u - LOBE.x) + (y - LOBE.y) * (y - LOBE.y)) - LOBE.radius
  const side = HEART_SIDE.x * u + HEART_SIDE.y * (y - HEART_TIP)
  const lid = HEART_LID.x * u + HEART_LID.y * (y - HEART_MIDDLE)
  return Math.min(lobe, Math.max(side, lid))
}

/** The unit normal of the tangent from (0, 0) to the disc of `radius` about (x, y), away from the y axis. */
function tangent(x: number, y: number, radius: number): { x: number; y: number } {
  const angle = Math.atan2(y, x) - Math.asin(radius / Math.hypot(x, y))
  return { x: Math.sin(angle), y: -Math.cos(angle) }
}

const ARROW_SIDE = unit(0.78, 0.95)

/** A shaft and a head. */
function arrow(x: number, y: number): number {
  const v = Math.abs(y)
  const head = Math.max(-x, ARROW_SIDE.x * (x - 0.95) + ARROW_SIDE.y * v)
  const shaft = Math.max(Math.abs(x + 0.45) - 0.5, v - 0.2)
  return Math.min(head, shaft)
}

const HOURGLASS_SIDE = unit(1, -0.8)

/** Two triangles, tip to tip. */
function hourglass(x: number, y: number): number {
  const v = Math.abs(y)
  return Math.max(v - 0.8, HOURGLASS_SIDE.x * (Math.abs(x) - 0.08) + HOURGLASS_SIDE.y * v)
}

function unit(x: number, y: number): { x: number; y: number } {
  const length = Math.hypot(x, y)
  return { x: x / length, y: y / length }
}

/** The ten classes, in the order of their labels. */
export const figures = { circle, ring, square, triangle, star, cross, crescent, heart, arrow, hourglass } as const
