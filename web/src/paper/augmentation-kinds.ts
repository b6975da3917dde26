import type { TransformSettings } from 'alexnet'

/** A kind of augmentation in the figure, with at most one setting to play with. */
export interface AugmentationKind {
  readonly id: string
  readonly label: string
  /** The chain for a picture of `side` pixels. */
  readonly chain: (side: number, strength: number) => readonly TransformSettings[]
  readonly strength?: {
    readonly label: string
    readonly min: number
    readonly max: number
    readonly step: number
    readonly initial: number
  }
  readonly about: string
}

/** The patches of the paper are 224 pixels of 256. */
const PATCH = 224 / 256

export const augmentationKinds: readonly AugmentationKind[] = [
  {
    id: 'paper',
    label: 'the paper: patch, mirror, colours',
    chain: (side, deviation) => [
      { kind: 'random-crop', size: Math.round(PATCH * side), padding: 0 },
      { kind: 'mirror' },
      { kind: 'colour-noise', deviation },
    ],
    strength: { label: 'Deviation of α', min: 0.05, max: 1, step: 0.05, initial: 0.1 },
    about: 'A patch of 224 pixels of 256, its mirror image half of the time, and a shift of the colours.',
  },
  {
    id: 'mirror',
    label: 'horizontal flip',
    chain: () => [{ kind: 'mirror' }],
    about: 'Half of the uses are mirrored.',
  },
  {
    id: 'vertical-flip',
    label: 'vertical flip',
    chain: () => [{ kind: 'vertical-flip' }],
    about: 'Half of the uses are upside down: right for pictures without an up, such as cells.',
  },
  {
    id: 'rotation',
    label: 'rotation',
    chain: (_side, degrees) => [{ kind: 'rotation', degrees }],
    strength: { label: 'Most degrees', min: 1, max: 180, step: 1, initial: 25 },
    about: 'Turned about the middle by an angle up to this, either way.',
  },
  {
    id: 'scaling',
    label: 'scaling',
    chain: (_side, share) => [{ kind: 'scaling', scale: [1 - share, 1 + share] }],
    strength: { label: 'Share, at most', min: 0.05, max: 0.9, step: 0.05, initial: 0.2 },
    about: 'Enlarged or reduced about the middle; the frame stays.',
  },
  {
    id: 'crop',
    label: 'crop',
    chain: (side, share) => [{ kind: 'random-crop', size: Math.round(share * side), padding: 0 }],
    strength: { label: 'Side of the patch, share', min: 0.3, max: 1, step: 0.025, initial: 0.875 },
    about: 'A square patch at a random place.',
  },
  {
    id: 'random-resized-crop',
    label: 'crop and resize',
    chain: (side, least) => [{ kind: 'random-resized-crop', size: side, scale: [least, 1], ratio: [3 / 4, 4 / 3] }],
    strength: { label: 'Least share of the area', min: 0.08, max: 1, step: 0.02, initial: 0.08 },
    about: 'A patch of a random area and shape, resized: what later networks take instead of the paper’s patches.',
  },
  {
    id: 'translation',
    label: 'translation',
    chain: (_side, share) => [{ kind: 'translation', share }],
    strength: { label: 'Share of the side, at most', min: 0.02, max: 0.6, step: 0.02, initial: 0.1 },
    about: 'Moved down or up, left or right.',
  },
  {
    id: 'rand-augment',
    label: 'RandAugment',
    chain: (_side, magnitude) => [{ kind: 'rand-augment', operations: 2, magnitude }],
    strength: { label: 'Magnitude', min: 0, max: 30, step: 1, initial: 9 },
    about: 'Two of fourteen operations: sheared, moved, turned, other colours, or another curve of tones.',
  },
  {
    id: 'colour-jitter',
    label: 'colour jitter',
    chain: (_side, most) => [{ kind: 'colour-jitter', brightness: most, contrast: most, saturation: most, hue: 0 }],
    strength: { label: 'Share, at most', min: 0.05, max: 1, step: 0.05, initial: 0.4 },
    about: 'Brightness, contrast and saturation change by up to this share, in random order.',
  },
  {
    id: 'grayscale',
    label: 'grayscale',
    chain: (_side, probability) => [{ kind: 'grayscale', probability }],
    strength: { label: 'Probability', min: 0, max: 1, step: 0.05, initial: 0.5 },
    about: 'Without its colours now and then: what is learnt has to be the shape, too.',
  },
  {
    id: 'random-erasing',
    label: 'erasing',
    chain: (_side, probability) => [
      { kind: 'random-erasing', probability, scale: [0.02, 0.33], ratio: [0.3, 3.3], fill: 'mean' },
    ],
    strength: { label: 'Probability', min: 0, max: 1, step: 0.05, initial: 0.5 },
    about: 'A rectangle is erased: no single part of a thing may decide what it is.',
  },
  {
    id: 'gaussian-noise',
    label: 'Gaussian noise',
    chain: (_side, deviation) => [{ kind: 'gaussian-noise', deviation }],
    strength: { label: 'Deviation, of 255', min: 1, max: 100, step: 1, initial: 25.5 },
    about: 'A normal number of its own is added to every value.',
  },
  {
    id: 'colour-noise',
    label: 'colour noise',
    chain: (_side, deviation) => [{ kind: 'colour-noise', deviation }],
    strength: { label: 'Deviation of α', min: 0.05, max: 2, step: 0.05, initial: 0.1 },
    about: 'All pixels move along the directions in which the colours vary most (here: of this picture).',
  },
]
