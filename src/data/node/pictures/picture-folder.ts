import { join } from 'node:path'
import type { OtherFiles } from './picture-list.js'

/** A folder with the pictures in it, and the folders. */
export interface PictureFolder {
  /** What it is called, composed (NFC): systems write `é` as one character or as two. */
  readonly name: string
  /** Its path within the data set, as the system writes it; '' for the data set itself. */
  readonly path: string
  /** The files' names. */
  readonly pictures: readonly string[]
  readonly folders: readonly PictureFolder[]
  /** What else lies in it, but for the folders. */
  readonly rest: OtherFiles
}

/** The pictures in a folder and below it, as paths within the data set, in the order of their names. */
export function picturesBelow({ path, pictures, folders }: PictureFolder): string[] {
  const found = [
    ...pictures.map((name) => ({ path: join(path, name), files: [join(path, name)] })),
    ...folders.map((folder) => ({ path: folder.path, files: picturesBelow(folder) })),
  ]
  return found.sort((a, b) => (a.path < b.path ? -1 : 1)).flatMap(({ files }) => files)
}

export function countPictures({ pictures, folders }: PictureFolder): number {
  return folders.reduce((sum, folder) => sum + countPictures(folder), pictures.length)
}

/** `extra/ (12 pictures)` */
export function describeFolder(folder: PictureFolder): string {
  const count = countPictures(folder)
  return `${folder.path}/ (${count} ${count === 1 ? 'picture' : 'pictures'})`
}

/** The folders within one that have pictures in them or below. */
export function foldersWithPictures({ folders }: PictureFolder): PictureFolder[] {
  return folders.filter((folder) => countPictures(folder) > 0)
}

/** What is not read in a folder and below it. */
export function otherFilesBelow({ rest, folders }: PictureFolder): OtherFiles {
  return mergeOtherFiles([rest, ...folders.map(otherFilesBelow)])
}

export function mergeOtherFiles(all: readonly OtherFiles[]): OtherFiles {
  const endings: Record<string, number> = {}
  for (const one of all)
    for (const [ending, count] of Object.entries(one.endings)) endings[ending] = (endings[ending] ?? 0) + count
  return {
    skipped: all.flatMap(({ skipped }) => skipped),
    endings,
    hidden: all.reduce((sum, { hidden }) => sum + hidden, 0),
  }
}
