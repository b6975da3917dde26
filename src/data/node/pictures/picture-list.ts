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

/** A class that is left out, and why. */
export interface EmptyClass {
  readonly name: string
  readonly reason: string
}

/** What was found besides pictures. */
export interface Findings extends OtherFiles {
  /** Classes without a picture to learn from. */
  readonly emptyClasses: readonly EmptyClass[]
  /** What a person should know of how the folders were understood. */
  readonly notes: readonly string[]
}

/** What a folder or a list of pictures holds, before any of them is read. */
export interface PictureList extends Findings {
  readonly classes: readonly string[]
  readonly parts: Readonly<Partial<Record<PartName, readonly PictureEntry[]>>> & {
    readonly train: readonly PictureEntry[]
  }
}

/** Files that are not read. */
export interface OtherFiles {
  /** What could be meant to be read, and why it is not. */
  readonly skipped: readonly SkippedFile[]
  /** Files that are no pictures by their names: how many of each ending. */
  readonly endings: Readonly<Record<string, number>>
  /** Hidden files and folders, and those that programs leave. */
  readonly hidden: number
}

export const noFindings: Findings = { skipped: [], endings: {}, hidden: 0, emptyClasses: [], notes: [] }

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
 * Numbers the classes, in the order of their names. Names that differ only in how a character is composed (NFC) are one.
 * @throws AlexNetError `corrupt-data` when there is no picture, only one class, or a class that only another part has.
 */
export function numberClasses(
  origin: string,
  named: Readonly<Partial<Record<PartName, readonly NamedEntry[]>>>,
  findings: Findings = noFindings,
): PictureList {
  const { train = [], validation, test } = named
  const classes = [...new Set(train.map(({ className }) => className.normalize()))].sort()
  if (train.length === 0)
    throw new AlexNetError(
      'missing-data',
      `${origin}: there are no pictures to learn from${summary(describeOtherFiles(findings))}`,
      hintOf(findings) ??
        'Expected a folder for each class with pictures in it (JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP), or train/ and val/ with such folders.',
    )
  if (classes.length < 2)
    throw new AlexNetError(
      'corrupt-data',
      `${origin}: all pictures are of one class, '${classes[0]}': there is nothing to tell apart${summary([...findings.emptyClasses, ...findings.skipped].map(({ name, reason }) => `${name}: ${reason}`))}`,
      'Expected a folder for each class, with two classes at least.',
    )
  const labels = new Map(classes.map((name, label) => [name, label]))
  const number = (part: PartName, entries: readonly NamedEntry[]) =>
    entries.map(({ file, name, className }) => {
      const label = labels.get(className.normalize())
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
    ...findings,
  }
}

/** Facts that an error names. */
const NAMED = 3

function summary(facts: readonly string[]): string {
  const more = facts.length - NAMED
  const named = [...facts.slice(0, NAMED), ...(more > 0 ? [`and ${more} more`] : [])]
  return facts.length === 0 ? '' : ` (${named.join('; ')})`
}

/** Links are followed when they are asked for. */
function hintOf({ skipped }: OtherFiles): string | undefined {
  return skipped.some(({ reason }) => reason === linkOut) ? 'Links are followed with --follow-links.' : undefined
}

/** Why a link is not followed that leads to other folders of this machine. */
export const linkOut = 'a link that leads out of the folder'

/** What is not read, in numbers: `12 .heic`, `16 × a link that leads out of the folder`. */
export function describeOtherFiles({ skipped, endings }: OtherFiles): string[] {
  const reasons = new Map<string, number>()
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  return [...describeEndings(endings), ...Array.from(reasons, ([reason, count]) => `${count} × ${reason}`)]
}

/** Endings that are named. */
const NAMED_ENDINGS = 8

/** `12 .heic`, the most frequent first. */
export function describeEndings(endings: OtherFiles['endings']): string[] {
  const sorted = Object.entries(endings).sort(([, a], [, b]) => b - a)
  const others = sorted.slice(NAMED_ENDINGS).reduce((sum, [, count]) => sum + count, 0)
  return [
    ...sorted.slice(0, NAMED_ENDINGS).map(([ending, count]) => `${count} ${ending || 'without an ending'}`),
    ...(others > 0 ? [`${others} others`] : []),
  ]
}
