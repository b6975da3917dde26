import { AlexNetError } from '../errors.js'
import { inputShape, type Preprocessing, type View } from './preprocessing.js'
import type { ViewCount } from './view-counts.js'

const centre: View = { down: 0.5, right: 0.5, mirrored: false }
const cornersAndCentre: readonly View[] = [
  { down: 0, right: 0, mirrored: false },
  { down: 0, right: 1, mirrored: false },
  centre,
  { down: 1, right: 0, mirrored: false },
  { down: 1, right: 1, mirrored: false },
]

/**
 * The views that a test averages over:
 *
 * - 1: the crop in the middle, as torchvision;
 * - 2: the same and its mirror image, which need no crop;
 * - 9: cuda-convnet's first multiview test: a grid of three by three crops, none mirrored;
 * - 10: the paper's, and cuda-convnet's later one: the four corners and the middle, then their mirror images.
 */
export const viewsOf: Readonly<Record<ViewCount, readonly View[]>> = {
  1: [centre],
  2: [centre, mirrored(centre)],
  9: [0, 0.5, 1].flatMap((down) => [0, 0.5, 1].map((right) => ({ down, right, mirrored: false }))),
  10: [...cornersAndCentre, ...cornersAndCentre.map(mirrored)],
}

function mirrored(view: View): View {
  return { ...view, mirrored: true }
}

/**
 * A preprocessing whose tests look at each picture in several ways: where one prepared picture stood, there stand as many
 * as there are views, one after another. The net's answer is the mean of the softmax over them.
 *
 * @throws AlexNetError `invalid-setting` when the net sees whole pictures, so that crops of them cannot differ; two views
 * are then still a picture and its mirror image.
 * @example const loader = batchLoader({ dataset, preprocessing: withViews(preprocessing, 10), batchSize: 128, seed: 1 })
 */
export function withViews(preprocessing: Preprocessing, count: ViewCount): Preprocessing {
  if (count === 1) return preprocessing
  const [, side] = inputShape(preprocessing)
  if (count !== 2 && side >= preprocessing.size)
    throw new AlexNetError(
      'invalid-setting',
      `${count} views need crops smaller than the pictures; this network sees them whole, ${side}×${side}`,
      'Take 2 views, which are the picture and its mirror image, or train with a random-crop or random-resized-crop that is smaller than the size.',
    )
  return { ...preprocessing, views: viewsOf[count] }
}
