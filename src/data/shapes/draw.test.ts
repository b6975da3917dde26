import { describe, expect, it } from 'vitest'
import { random } from '../../random.js'
import { drawPicture, SIDE } from './draw.js'
import { figures, type SignedDistance } from './figures.js'

const AREA = SIDE * SIDE

function drawn(figure: SignedDistance, seed: number): Uint8ClampedArray {
  const target = new Uint8ClampedArray(3 * AREA)
  drawPicture(figure, random(seed, 'test'), target)
  return target
}

const brightness = (picture: Uint8ClampedArray, i: number) =>
  (picture[i] + picture[i + AREA] + picture[i + 2 * AREA]) / 3

describe('drawPicture', () => {
  it('differs by the figure alone, which stands out from what is behind it', () => {
    for (let seed = 0; seed < 100; seed++) {
      const empty = drawn(() => 1, seed)
      const full = drawn(figures.circle, seed)
      let changed = 0
      let contrast = 0
      for (let i = 0; i < AREA; i++) {
        if (empty[i] === full[i] && empty[i + AREA] === full[i + AREA] && empty[i + 2 * AREA] === full[i + 2 * AREA])
          continue
        changed++
        contrast += brightness(full, i) - brightness(empty, i)
      }
      // The disc's radius is 0.85 of 8 to 12 pixels, or a tenth more for what the edge's softness adds.
      expect(changed).toBeGreaterThan(Math.PI * 6.5 ** 2)
      expect(changed).toBeLessThan(Math.PI * 11.5 ** 2)
      expect(Math.abs(contrast / changed)).toBeGreaterThan(50)
    }
  })

  it('varies: dark on light and light on dark, all over the picture', () => {
    const places = new Set<number>()
    let lighter = 0
    for (let seed = 0; seed < 200; seed++) {
      const empty = drawn(() => 1, seed)
      const full = drawn(figures.square, seed)
      const inside = Array.from({ length: AREA }, (_, i) => i).filter((i) => full[i] !== empty[i])
      const middle = inside[Math.floor(inside.length / 2)]
      if (brightness(full, middle) > brightness(empty, middle)) lighter++
      places.add(Math.floor(middle / SIDE / 4) * 8 + Math.floor((middle % SIDE) / 4))
    }
    expect(Math.abs(lighter - 100)).toBeLessThan(30)
    expect(places.size).toBeGreaterThan(10)
  })

  it('paints over all that was there before', () => {
    const first = drawn(figures.star, 1)
    drawn(figures.circle, 2)
    expect([...drawn(figures.star, 1)]).toEqual([...first])
  })
})
