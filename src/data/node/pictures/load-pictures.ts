import { basename, resolve } from 'node:path'
import { AlexNetError } from '../../../errors.js'
import { type Dataset, type DatasetParts, subset } from '../../dataset.js'
import { findDuplicates } from './duplicates.js'
import { type FindOptions, findPictures } from './find-pictures.js'
import { type CacheOptions, cachePictures } from './picture-cache.js'
import { type PartName, partNames, type SkippedFile } from './picture-list.js'
import type { ScanReport } from './scan-report.js'

export interface LoadPicturesOptions extends FindOptions, CacheOptions {
  /** A file that cannot be read is an error, not left out. */
  readonly strict?: boolean
}

export interface LoadedPictures {
  readonly parts: DatasetParts
  readonly report: ScanReport
}

/**
 * Loads one's own pictures: finds them and their classes, reads each once, and keeps them decoded where there is room.
 *
 * @param path A folder, or a list of pictures: see `findPictures`.
 * @throws AlexNetError `missing-data` or `corrupt-data`; with `strict` also `invalid-image` for a file that cannot be read.
 * @example const { parts, report } = await loadPictures('./pictures', { side: 256 })
 */
export async function loadPictures(path: string, options: LoadPicturesOptions): Promise<LoadedPictures> {
  const list = await findPictures(path, options)
  const found = partNames.flatMap((part) => {
    const entries = list.parts[part]
    return entries ? [{ part, entries }] : []
  })
  const entries = found.flatMap((part) => part.entries)
  const { cache, pictures, kept, contents, skipped, singleColour } = await cachePictures(path, entries, options)
  const allSkipped = [...list.skipped, ...skipped]
  if (options.strict && allSkipped.length > 0) throw notAllRead(path, allSkipped)

  const name = basename(resolve(path))
  const all: Dataset = {
    name,
    classes: list.classes,
    pictures,
    labels: Uint16Array.from(kept, (index) => entries[index].label),
    names: kept.map((index) => entries[index].name),
    contents,
  }
  const datasets: Partial<Record<PartName, Dataset>> = {}
  let first = 0
  for (const { part, entries: own } of found) {
    const end = first + own.length
    const indices = [...kept.keys()].filter((n) => kept[n] >= first && kept[n] < end)
    datasets[part] = subset(all, indices, `${name} ${part}`)
    first = end
  }
  for (const [part, { labels }] of Object.entries(datasets))
    if (labels.length === 0)
      throw new AlexNetError(
        'corrupt-data',
        `${path}: none of the pictures in ${part} can be read${skipped[0] ? ` (${skipped[0].name}: ${skipped[0].reason})` : ''}`,
      )
  const { train, validation, test } = datasets
  const report: ScanReport = {
    path: resolve(path),
    classes: list.classes,
    counts: Object.fromEntries(Object.entries(datasets).map(([part, dataset]) => [part, classCounts(dataset)])),
    skipped: allSkipped,
    ignored: list.ignored,
    singleColour,
    duplicates: [validation, test].flatMap((evaluated) => (evaluated ? findDuplicates(train!, evaluated) : [])),
    cache,
  }
  return { parts: { train: train!, ...(validation && { validation }), ...(test && { test }) }, report }
}

/** How many pictures there are of each class. */
export function classCounts({ classes, labels }: Dataset): number[] {
  const counts = classes.map(() => 0)
  for (const label of labels) counts[label]++
  return counts
}

function notAllRead(path: string, skipped: readonly SkippedFile[]): AlexNetError {
  const [{ name, reason }] = skipped
  const others = skipped.length > 1 ? ` (and ${skipped.length - 1} more)` : ''
  return new AlexNetError(
    'invalid-image',
    `${path}: ${name}: ${reason}${others}`,
    'Mend or remove it, or leave --strict out: such files are then left out and listed.',
  )
}
