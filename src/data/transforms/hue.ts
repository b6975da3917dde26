import type { Planes } from './transform-kind.js'

/**
 * Turns the hue of each pixel by a share of the whole circle; value and saturation of HSV stay. torchvision's `adjust_hue`,
 * without the rounding of bytes.
 */
export function adjustHue({ data, offset, height, width }: Planes, turn: number): void {
  const area = height * width
  for (let i = offset; i < offset + area; i++) {
    const r = data[i]
    const g = data[i + area]
    const b = data[i + 2 * area]
    const least = Math.min(r, g, b)
    const most = Math.max(r, g, b)
    const range = most - least
    if (range === 0) continue
    // In sixths of the circle: red lies at 0, green at 2, blue at 4.
    const old = most === r ? (g - b) / range : most === g ? 2 + (b - r) / range : 4 + (r - g) / range
    const turned = old + 6 * turn
    const hue = turned - 6 * Math.floor(turned / 6)
    data[i] = least + range * share(Math.abs(hue - 3) - 1)
    data[i + area] = least + range * share(2 - Math.abs(hue - 2))
    data[i + 2 * area] = least + range * share(2 - Math.abs(hue - 4))
  }
}

function share(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}
