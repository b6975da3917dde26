import { expect, it } from 'vitest'
import { float32 } from '../../tensor.js'
import { resize, resizeShorter } from './resize.js'

// PyTorch 1.13:
//   x = torch.arange(2*3*4).float().reshape(1, 2, 3, 4) ** 1.5
//   F.interpolate(x, size=(5, 5), mode='bilinear', align_corners=False)
const picture = float32(
  [2, 3, 4],
  Array.from({ length: 24 }, (_, i) => i ** 1.5),
)

it('enlarges 3×4 to 5×5 as PyTorch does', () => {
  const expected = [
    0.0, 0.7, 1.9142, 3.5387, 5.1962, 3.2, 4.5105, 6.324, 8.4608, 10.5258, 8.0, 10.2262, 12.9386, 15.8439, 18.5203,
    16.7765, 19.5034, 22.7623, 26.1861, 29.2978, 22.6274, 25.6882, 29.3114, 33.0808, 36.4829, 41.5692, 45.2813, 49.6277,
    54.0967, 58.0948, 50.5415, 54.4748, 59.0687, 63.7792, 67.9845, 64.0, 68.265, 73.2302, 78.303, 82.8191, 79.2656,
    83.824, 89.119, 94.5154, 99.3101, 89.4427, 94.1967, 99.7116, 105.3236, 110.3041,
  ]
  const resized = resize(picture, 5)
  expect(resized.shape).toEqual([2, 5, 5])
  expected.forEach((value, i) => {
    expect(resized.data[i]).toBeCloseTo(value, 3)
  })
})

it('leaves a picture of that size as it is', () => {
  const square = float32([1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(resize(square, 3)).toEqual(square)
  expect(resizeShorter(picture, 3)).toEqual(picture)
})

it('averages over all pixels where it reduces', () => {
  const checkered = float32(
    [1, 64, 64],
    Array.from({ length: 4096 }, (_, i) => (i + (i >> 6)) % 2),
  )
  for (const value of resize(checkered, 8).data) expect(value).toBeCloseTo(0.5, 2)
})

it.each([
  [300, 400, 256, 341],
  [400, 300, 341, 256],
  [500, 333, 384, 256],
  [256, 999, 256, 999],
])(
  '%i×%i with a shorter side of 256 is %i×%i, as torchvision’s Resize gives it',
  (height, width, toHeight, toWidth) => {
    const { shape } = resizeShorter(float32([1, height, width], new Float32Array(height * width)), 256)
    expect(shape).toEqual([1, toHeight, toWidth])
  },
)
