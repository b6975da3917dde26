import type { FolderFacts } from '../../folder-facts.js'
import { measureImage } from '../read-image.js'
import { type FindOptions, findPictures } from './find-pictures.js'
import type { PictureEntry } from './picture-list.js'

/** So many pictures tell what size they usually are. */
const MEASURED = 200

/** Files that are read at a time. */
const AT_A_TIME = 8

/**
 * Finds the pictures of a folder or a list, and measures some: of each file no more than its beginning is read.
 * @throws AlexNetError as `findPictures` does.
 */
export async function lookAtFolder(path: string, options: FindOptions = {}): Promise<FolderFacts> {
  const { classes, parts } = await findPictures(path, options)
  const counts = classes.map(() => 0)
  for (const { label } of parts.train) counts[label]++
  const size = await usualSize(parts.train)
  return { counts, hasValidation: parts.validation !== undefined, ...(size && { size }) }
}

/** The median width and height of pictures from all over the list. */
async function usualSize(entries: readonly PictureEntry[]): Promise<FolderFacts['size']> {
  const step = Math.max(1, entries.length / MEASURED)
  const some = Array.from({ length: Math.min(MEASURED, entries.length) }, (_, n) => entries[Math.floor(n * step)])
  const sizes: { readonly width: number; readonly height: number }[] = []
  let next = 0
  const work = async () => {
    while (next < some.length) {
      const size = await measureImage(some[next++].file)
      if (size) sizes.push(size)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work))
  if (sizes.length === 0) return undefined
  return { width: median(sizes.map(({ width }) => width)), height: median(sizes.map(({ height }) => height)) }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
