import { float32, type Tensor } from '../../tensor.js'

/**
 * Bilinear resizing to a square, pixel centres at half coordinates: PyTorch's
 * `F.interpolate(mode='bilinear', align_corners=False, antialias=False)`.
 *
 * @param picture (C, H, W).
 * @returns (C, side, side), a new tensor.
 */
export function resize(picture: Tensor<'float32'>, side: number): Tensor<'float32'> {
  const [channels, height, width] = picture.shape
  const resized = new Float32Array(channels * side * side)
  resizeInto(resized, picture.data, channels, height, width, side)
  return float32([channels, side, side], resized)
}

/** As `resize`, from bytes or floats into memory that is there. `target` holds channels · side² values. */
export function resizeInto(
  target: Float32Array,
  source: Float32Array | Uint8Array,
  channels: number,
  height: number,
  width: number,
  side: number,
): void {
  const rows = samples(height, side)
  const columns = samples(width, side)
  // First down, then across: the two directions are independent.
  const blended = new Float64Array(width)
  let at = 0
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < side; y++) {
      const near = (c * height + rows.near[y]) * width
      const far = (c * height + rows.far[y]) * width
      const down = rows.weight[y]
      for (let x = 0; x < width; x++) blended[x] = source[near + x] + (source[far + x] - source[near + x]) * down
      for (let x = 0; x < side; x++) {
        const left = blended[columns.near[x]]
        target[at++] = left + (blended[columns.far[x]] - left) * columns.weight[x]
      }
    }
  }
}

interface Samples {
  readonly near: Int32Array
  readonly far: Int32Array
  /** How far from `near` towards `far`, 0–1. */
  readonly weight: Float64Array
}

/** The two source pixels of every target pixel along one axis. The edge is repeated outwards. */
function samples(length: number, side: number): Samples {
  const near = new Int32Array(side)
  const far = new Int32Array(side)
  const weight = new Float64Array(side)
  for (let i = 0; i < side; i++) {
    const place = Math.max(0, ((i + 0.5) * length) / side - 0.5)
    near[i] = Math.min(length - 1, Math.floor(place))
    far[i] = Math.min(length - 1, near[i] + 1)
    weight[i] = place - near[i]
  }
  return { near, far, weight }
}
