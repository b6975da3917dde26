import * as z from 'zod'
import type { Batch } from '../data/batch.js'
import { AlexNetError } from '../errors.js'
import { float32, type Tensor } from '../tensor.js'

/** In a recipe. Without a key the loss is the plain cross entropy, by which a network is evaluated in any case. */
export const lossSchema = z.strictObject({
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe('Share of a picture’s label that all classes have in equal parts: 0.1, say; default: 0.'),
  classWeights: z
    .union([z.literal('balanced'), z.record(z.string().min(1), z.number().positive())])
    .optional()
    .describe(
      'How much the pictures of a class count: weights by the names of classes (a class that is not named weighs 1), or `balanced`: the rarer a class is, the more.',
    ),
})

export type LossSettings = z.infer<typeof lossSchema>

/** What a network learns from besides the cross entropy of the labels. */
export interface Loss {
  /** The share of a picture's label that all classes have in equal parts, at least 0 and below 1; default 0. */
  readonly labelSmoothing?: number | undefined
  /** How much the pictures of each class count, in the order of the classes; default: all the same. */
  readonly classWeights?: readonly number[] | undefined
}

/** Whether a loss is more than the plain cross entropy of the labels. */
export function isPlain({ labelSmoothing = 0, classWeights }: Loss): boolean {
  return labelSmoothing === 0 && classWeights === undefined
}

/** @throws AlexNetError `invalid-setting` for what is no loss of so many classes. */
export function checkLoss({ labelSmoothing = 0, classWeights }: Loss, classes: number): void {
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    throw new AlexNetError(
      'invalid-setting',
      `the label smoothing must be a number of at least 0 and below 1, got ${labelSmoothing}`,
    )
  if (classWeights && classWeights.length !== classes)
    throw new AlexNetError(
      'invalid-setting',
      `expected a weight for each of ${classes} classes, got ${classWeights.length}`,
    )
  const wrong = classWeights?.find((weight) => !(weight > 0 && Number.isFinite(weight)))
  if (wrong !== undefined)
    throw new AlexNetError('invalid-setting', `the weight of a class must be a number above 0, got ${wrong}`)
}

/**
 * What a batch is to be answered with, for `softTargetCrossEntropy`: (N, classes).
 *
 * With the label y of a picture, ε of smoothing and weights w of the classes the target of class c is
 *
 *     t_c = N / Σ w_y · w_c · ((1 − ε)·[c = y] + ε / classes)        (the sum goes over the batch)
 *
 * so the mean of −Σ t_c·log p_c is PyTorch's `CrossEntropyLoss(weight=w, label_smoothing=ε)`. Of mixed pictures it is
 * λ·t + (1 − λ)·t of the partner, with the same sum for both: λ times the loss by the own labels and 1 − λ times that by the
 * partners', as in mixup's `mixup_criterion` (Zhang et al., 2018) and CutMix, and as timm's `mixup_target` has it.
 */
export function lossTargets(
  { labels: { data: labels }, mix }: Pick<Batch, 'labels' | 'mix'>,
  classes: number,
  { labelSmoothing = 0, classWeights }: Loss,
): Tensor<'float32'> {
  const rows = labels.length
  const weightOf = (label: number) => classWeights?.[label] ?? 1
  const scale = rows / labels.reduce((sum, label) => sum + weightOf(label), 0)
  const targets = new Float32Array(rows * classes)
  const smoothed = Float32Array.from({ length: classes }, (_, c) => (scale * weightOf(c) * labelSmoothing) / classes)
  const own = mix?.share ?? 1
  for (let row = 0; row < rows; row++) {
    targets.set(smoothed, row * classes)
    const add = (label: number, share: number) => {
      targets[row * classes + label] += share * (1 - labelSmoothing) * scale * weightOf(label)
    }
    add(labels[row], own)
    if (own < 1) add(labels[rows - 1 - row], 1 - own)
  }
  return float32([rows, classes], targets)
}
