import { AlexNetError } from '../../../errors.js'

/** A picture file and its class. */
export interface PictureEntry {
  /** Where it lies. */
  readonly file: string
  /** What messages call it: its path within the folder. */
  readonly name: string
  readonly label: number
}

/** A file that is left out, and why. */
export interface SkippedFile {
  readonly name: string
  readonly reason: string
}

/** The parts of a data set that its folder, or its list, tells apart. */
export const partNames = ['train', 'validation', 'test'] as const
export type PartName = (typeof partNames)[number]

/** What a folder or a list of pictures holds, before any of them is read. */
export interface PictureList {
  readonly classes: readonly string[]
  readonly parts: Readonly<Partial<Record<PartName, readonly PictureEntry[]>>> & {
    readonly train: readonly PictureEntry[]
  }
  readonly skipped: readonly SkippedFile[]
  /** Files that are no pictures by their names: counted, not listed. */
  readonly ignored: number
}

/** What `readImage` reads, and HEIC, which it names: a photograph left out must not vanish without a word. */
const extensions = /\.(jpe?g|jfif|png|webp|gif|tiff?|avif|bmp|dib|hei[cf])$/i

/** By its name alone: whether it really is one shows when it is read. */
export function isPictureName(name: string): boolean {
  return extensions.test(name) && !name.startsWith('.')
}

/** A part as it is found: a class's name instead of its number. */
export interface NamedEntry {
  readonly file: string
  readonly name: string
  readonly className: string
}

/**
 * Numbers the classes, in the order of their names.
 * @throws AlexNetError `corrupt-data` when there is no picture, only one class, or a class that only another part has.
 */
export function numberClasses(
  origin: string,
  named: Readonly<Partial<Record<PartName, readonly NamedEntry[]>>>,
  rest: Pick<PictureList, 'skipped' | 'ignored'>,
): PictureList {
  const { train = [], validation, test } = named
  const classes = [...new Set(train.map(({ className }) => className))].sort()
  if (train.length === 0)
    throw new AlexNetError(
      'missing-data',
      `${origin}: there are no pictures to learn from`,
      'Expected a folder for each class with pictures in it (JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP), or train/ and val/ with such folders.',
    )
  if (classes.length < 2)
    throw new AlexNetError(
      'corrupt-data',
      `${origin}: all pictures are of one class, '${classes[0]}': there is nothing to tell apart`,
      'Expected a folder for each class, with two classes at least.',
    )
  const labels = new Map(classes.map((name, label) => [name, label]))
  const number = (part: PartName, entries: readonly NamedEntry[]) =>
    entries.map(({ file, name, className }) => {
      const label = labels.get(className)
      if (label === undefined)
        throw new AlexNetError(
          'corrupt-data',
          `${origin}: ${part} has the class '${className}', of which there is no picture in train`,
        )
      return { file, name, label }
    })
  return {
    classes,
    parts: {
      train: number('train', train),
      ...(validation && { validation: number('validation', validation) }),
      ...(test && { test: number('test', test) }),
    },
    ...rest,
  }
}
