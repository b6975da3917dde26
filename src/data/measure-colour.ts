import { AlexNetError } from '../errors.js'
import type { ImageStream } from './measure-normalisation.js'
import type { Colour } from './transforms/colour.js'

/**
 * Measures the principal components of the colours of pictures, for the colour noise: give it the training part. They are
 * the eigenvectors of the covariance of (R, G, B) over all pixels of all pictures, on the scale 0–255.
 *
 * @throws AlexNetError `corrupt-data` when there are no pictures.
 * @example const { eigenvalues, eigenvectors } = await measureColour(readPictures(read, 50_000))
 */
export async function measureColour(pictures: ImageStream): Promise<Colour> {
  // Sums of bytes and of their products are whole numbers, far below 2⁵³ for any set of pictures: exact.
  const sums = [0, 0, 0]
  const products = [0, 0, 0, 0, 0, 0]
  let pixels = 0
  for await (const { data, shape } of pictures) {
    const area = shape[1] * shape[2]
    let [r, g, b, rr, rg, rb, gg, gb, bb] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
    for (let i = 0; i < area; i++) {
      const red = data[i]
      const green = data[area + i]
      const blue = data[2 * area + i]
      r += red
      g += green
      b += blue
      rr += red * red
      rg += red * green
      rb += red * blue
      gg += green * green
      gb += green * blue
      bb += blue * blue
    }
    pixels += area
    const own = [r, g, b]
    own.forEach((value, i) => {
      sums[i] += value
    })
    const ownProducts = [rr, rg, rb, gg, gb, bb]
    ownProducts.forEach((value, i) => {
      products[i] += value
    })
  }
  if (pixels === 0) throw new AlexNetError('corrupt-data', 'there are no pictures to measure the colours on')
  const [r, g, b] = sums.map((sum) => sum / pixels)
  const [rr, rg, rb, gg, gb, bb] = products.map((product) => product / pixels)
  return principalComponents([
    [rr - r * r, rg - r * g, rb - r * b],
    [rg - r * g, gg - g * g, gb - g * b],
    [rb - r * b, gb - g * b, bb - b * b],
  ])
}

type Matrix = [[number, number, number], [number, number, number], [number, number, number]]

/**
 * Eigenvalues and eigenvectors of a symmetric 3×3 matrix, by Jacobi's method: rotations that set one element beside the
 * diagonal to 0 after the other, until nothing is left of them (Golub and Van Loan, Matrix Computations, 8.5). The
 * largest eigenvalue comes first; the largest element of an eigenvector is positive, so that its sign is defined.
 */
export function principalComponents(symmetric: Matrix): Colour {
  const a = symmetric.map((row) => [...row])
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  // It converges quadratically: six sweeps are more than doubles can tell apart.
  for (let sweep = 0; sweep < 10; sweep++)
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (a[p][q] === 0) continue
      const tau = (a[q][q] - a[p][p]) / (2 * a[p][q])
      const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau))
      const cos = 1 / Math.sqrt(1 + t * t)
      const sin = t * cos
      for (let k = 0; k < 3; k++) rotatePair(a[k], p, q, cos, sin)
      for (let k = 0; k < 3; k++) {
        const [upper, lower] = [a[p][k], a[q][k]]
        a[p][k] = cos * upper - sin * lower
        a[q][k] = sin * upper + cos * lower
      }
      for (let k = 0; k < 3; k++) rotatePair(v[k], p, q, cos, sin)
    }
  const components = [0, 1, 2]
    // Rounding may leave a variance of 0 slightly below it.
    .map((i) => ({ value: Math.max(0, a[i][i]), vector: withSign([v[0][i], v[1][i], v[2][i]]) }))
    .sort((one, other) => other.value - one.value)
  return {
    eigenvalues: [components[0].value, components[1].value, components[2].value],
    eigenvectors: [components[0].vector, components[1].vector, components[2].vector],
  }
}

function rotatePair(row: number[], p: number, q: number, cos: number, sin: number): void {
  const [one, other] = [row[p], row[q]]
  row[p] = cos * one - sin * other
  row[q] = sin * one + cos * other
}

function withSign(vector: [number, number, number]): [number, number, number] {
  const largest = vector.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most))
  return largest < 0 ? [-vector[0], -vector[1], -vector[2]] : vector
}
