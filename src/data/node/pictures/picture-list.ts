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

/** Why a link is not followed that leads to other folders of this machine. */
export const linkOut = 'a link that leads out of the folder'

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
