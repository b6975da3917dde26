import { basename, resolve } from 'node:path'
import { AlexNetError } from '../../../errors.js'
import { classCounts, type Dataset, type DatasetParts, subset } from '../../dataset.js'
import { findDuplicates } from './duplicates.js'
import { type FindOptions, findPictures } from './find-pictures.js'
import { type CacheOptions, cachePictures } from './picture-cache.js'
import { type EmptyClass, type PartName, type PictureEntry, partNames, type SkippedFile } from './picture-list.js'
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
  if (options.strict) expectAllRead(path, allSkipped, list.emptyClasses)

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
  const { parts, unread } = withoutUnreadClasses(
    path,
    { ...datasets, train: datasets.train! },
    list.parts.train,
    skipped,
  )
  const { train, validation, test } = parts
  const { followLinks = false, validationLabels } = options
  const report: ScanReport = {
    path: resolve(path),
    classes: train.classes,
    counts: Object.fromEntries(Object.entries(parts).map(([part, dataset]) => [part, classCounts(dataset)])),
    skipped: allSkipped,
    ignored: Object.values(list.endings).reduce((a, b) => a + b, 0),
    endings: list.endings,
    hidden: list.hidden,
    emptyClasses: [...list.emptyClasses, ...unread],
    notes: list.notes,
    singleColour,
    duplicates: [validation, test].flatMap((evaluated) => (evaluated ? findDuplicates(train, evaluated) : [])),
    cache,
    followLinks,
    ...(validationLabels !== undefined && { validationLabels: resolve(validationLabels) }),
  }
  return { parts, report }
}

/**
 * The parts without the classes of which no picture to learn from can be read, and which these are.
 * @throws AlexNetError `corrupt-data` when no two classes are left.
 */
function withoutUnreadClasses(
  path: string,
  parts: DatasetParts,
  entries: readonly PictureEntry[],
  skipped: readonly SkippedFile[],
): { parts: DatasetParts; unread: EmptyClass[] } {
  const { train, validation, test } = parts
  const counts = classCounts(train)
  const unread = train.classes.flatMap((name, label) => {
    if (counts[label] > 0) return []
    const own = new Set(entries.filter((entry) => entry.label === label).map((entry) => entry.name))
    const first = skipped.find((file) => own.has(file.name))
    return [{ name, reason: `none of its ${own.size} pictures can be read${first ? ` (${first.reason})` : ''}` }]
  })
  if (unread.length === 0) return { parts, unread }
  const classes = train.classes.filter((_, label) => counts[label] > 0)
  if (classes.length < 2)
    throw new AlexNetError(
      'corrupt-data',
      `${path}: all pictures that can be read are of one class, '${classes[0]}' (${unread[0].name}: ${unread[0].reason})`,
    )
  const only = (dataset: Dataset) => withClasses(dataset, classes)
  return {
    parts: {
      train: only(train),
      ...(validation && { validation: only(validation) }),
      ...(test && { test: only(test) }),
    },
    unread,
  }
}

/** The pictures of some of the classes. */
function withClasses(dataset: Dataset, classes: readonly string[]): Dataset {
  const places = dataset.classes.map((name) => classes.indexOf(name))
  const kept = [...dataset.labels.keys()].filter((n) => places[dataset.labels[n]] >= 0)
  const rest = subset(dataset, kept, dataset.name)
  return { ...rest, classes, labels: rest.labels.map((label) => places[label]) }
}

/** @throws AlexNetError `invalid-image` for the first file or class that is left out. */
function expectAllRead(path: string, skipped: readonly SkippedFile[], emptyClasses: readonly EmptyClass[]): void {
  const leftOut = [...skipped, ...emptyClasses]
  if (leftOut.length === 0) return
  const [{ name, reason }] = leftOut
  const others = leftOut.length > 1 ? ` (and ${leftOut.length - 1} more)` : ''
  throw new AlexNetError(
    'invalid-image',
    `${path}: ${name}: ${reason}${others}`,
    'Mend or remove it, or leave --strict out: it is then left out and listed.',
  )
}
