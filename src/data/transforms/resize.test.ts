import { expect, it } from 'vitest'
import { float32 } from '../../tensor.js'
import { resize, resizeInto } from './resize.js'

// PyTorch 1.13:
//   x = torch.arange(2*3*4).float().reshape(1, 2, 3, 4) ** 1.5
//   F.interpolate(x, size=(s, s), mode='bilinear', align_corners=False)
const picture = float32(
  [2, 3, 4],
  Array.from({ length: 24 }, (_, i) => i ** 1.5),
)

it.each([
  [2, [2.7725, 7.1614, 21.0078, 29.6918, 49.9271, 61.3276, 86.3904, 99.9583]],
  [
    5,
    [
      0.0, 0.7, 1.9142, 3.5387, 5.1962, 3.2, 4.5105, 6.324, 8.4608, 10.5258, 8.0, 10.2262, 12.9386, 15.8439, 18.5203,
      16.7765, 19.5034, 22.7623, 26.1861, 29.2978, 22.6274, 25.6882, 29.3114, 33.0808, 36.4829, 41.5692, 45.2813,
      49.6277, 54.0967, 58.0948, 50.5415, 54.4748, 59.0687, 63.7792, 67.9845, 64.0, 68.265, 73.2302, 78.303, 82.8191,
      79.2656, 83.824, 89.119, 94.5154, 99.3101, 89.4427, 94.1967, 99.7116, 105.3236, 110.3041,
    ],
  ],
])('3×4 to %i×%i as PyTorch does', (side, expected) => {
  const resized = resize(picture, side)
  expect(resized.shape).toEqual([2, side, side])
  expected.forEach((value, i) => {
    expect(resized.data[i]).toBeCloseTo(value, 3)
  })
})

it('leaves a picture of that size as it is', () => {
  const square = float32([1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(resize(square, 3)).toEqual(square)
})

it('takes bytes too', () => {
  const target = new Float32Array(16)
  resizeInto(target, Uint8Array.of(0, 200, 100, 50), 1, 2, 2, 4)
  expect([...target]).toEqual([...resize(float32([1, 2, 2], [0, 200, 100, 50]), 4).data])
})
