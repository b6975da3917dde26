import type { Tensor } from '../../tensor.js'
import { sampled } from './sampled.js'

/**
 * Bilinear resizing as in Pillow's `Image.resize((width, height), BILINEAR)`, without its rounding to whole numbers: a
 * triangle filter, which averages over all pixels where the picture is reduced (PyTorch's `F.interpolate(mode='bilinear',
 * antialias=True)`).
 *
 * @param picture (C, H, W).
 * @returns (C, height, width), a new tensor.
 */
export function resize(picture: Tensor<'float32'>, height: number, width = height): Tensor<'float32'> {
  return sampled(picture, (geometry) => geometry.resize(height, width))
}

/**
 * The shorter side becomes `size`; the longer one keeps the aspect ratio, rounded down, as torchvision's Resize does.
 *
 * @param picture (C, H, W).
 * @returns (C, H′, W′), a new tensor.
 */
export function resizeShorter(picture: Tensor<'float32'>, size: number): Tensor<'float32'> {
  return sampled(picture, (geometry) => geometry.resizeShorter(size))
}
