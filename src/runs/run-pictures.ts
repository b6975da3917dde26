import * as z from 'zod'
import { type Dataset, type DatasetParts, joined, subset } from '../data/dataset.js'
import { partNames } from '../data/node/pictures/picture-list.js'

/** A picture of a run: a line of `pictures.jsonl`. The lines are in the order in which the run numbers its pictures. */
export const runPictureSchema = z.strictObject({
  part: z.enum(partNames),
  class: z.string(),
  /** Its path within the folder. */
  name: z.string(),
  /** The digest of its file. */
  content: z.string(),
})

export type RunPicture = Readonly<z.infer<typeof runPictureSchema>>

/** How a folder differs from what it was when a run began. */
export interface PictureChanges {
  /** Pictures that were not there. */
  readonly added: number
  readonly missing: number
  /** Of the same name with another content, or of another class. */
  readonly changed: number
  readonly renamed: number
}

/** The pictures of a run's parts, where they are files. */
export function picturesOf(data: DatasetParts): RunPicture[] {
  return partNames.flatMap((part) => {
    const { classes, labels, names, contents } = data[part] ?? { classes: [], labels: [] }
    if (!names || !contents) return []
    return names.map((name, n) => ({ part, class: classes[labels[n]], name, content: contents[n] }))
  })
}

/** The contents that a run learns from. */
export function learntContents(pictures: readonly RunPicture[]): Set<string> {
  return new Set(pictures.filter(({ part }) => part === 'train').map(({ content }) => content))
}

/**
 * What is to be said where a run kept no list of the pictures that a network has learnt from.
 * @param folder Where they lay.
 * @param evaluated What the pictures that measure it are called.
 */
export function describeUnknown(folder: string, evaluated: string): string {
  return `no list tells which pictures of ${folder} the network has learnt from: if some of ${evaluated} are among them, they flatter it`
}

/** What is to be said of parts that measure with pictures which the weights have learnt from. */
export function describeLearnt(learnt: ReadonlySet<string>, { validation, test }: DatasetParts): string[] {
  return [validation, test].flatMap((part) => {
    const known = part?.contents?.filter((content) => learnt.has(content)).length ?? 0
    if (!part || known === 0) return []
    return `the weights have learnt from ${known} of the ${part.labels.length} pictures of ${part.name}: what is measured on them flatters the network`
  })
}

/**
 * The parts of a folder as a run has them, wherever the folder has them now: the run's own pictures in their own order, so
 * that it goes on exactly. A picture is known by its content, else by its name. What came later is in none of the parts.
 */
export function partsOfRun(
  pictures: readonly RunPicture[],
  found: DatasetParts,
): { readonly data: DatasetParts; readonly changes: PictureChanges } {
  const all = joined(partNames.flatMap((part) => found[part] ?? []))
  const classes = [...new Set(pictures.map((picture) => picture.class))].sort()
  const { places, changes } = findPlaces(pictures, all, classes)
  const part = (name: (typeof partNames)[number]) => {
    const own = places.filter((place, n) => place !== undefined && pictures[n].part === name) as number[]
    return withClasses(subset(all, own, found.train.name.replace(/train$/, name)), classes)
  }
  const [validation, test] = [part('validation'), part('test')]
  return {
    data: {
      train: part('train'),
      ...(validation.labels.length > 0 && { validation }),
      ...(test.labels.length > 0 && { test }),
    },
    changes,
  }
}

/** Where each picture of a run is now; undefined: it has gone. */
function findPlaces(
  pictures: readonly RunPicture[],
  all: Dataset,
  classes: readonly string[],
): { places: readonly (number | undefined)[]; changes: PictureChanges } {
  const { names = [], contents = [], labels } = all
  const classOf = (place: number) => all.classes[labels[place]]
  const learnt = learntContents(pictures)
  const measuring = new Set(pictures.filter(({ part }) => part !== 'train').map(({ content }) => content))
  const free = new Set([...labels.keys()].filter((place) => classes.includes(classOf(place))))
  const places: (number | undefined)[] = pictures.map(() => undefined)

  /** Gives pictures without a place a free one of the same key; returns how many have got one. */
  function settle(
    keyOf: (picture: Pick<RunPicture, 'content' | 'name'>) => string,
    fits = (_picture: RunPicture, _place: number) => true,
  ): number {
    const byKey = new Map<string, number[]>()
    for (const place of free) {
      const key = keyOf({ content: contents[place], name: names[place] })
      const same = byKey.get(key)
      if (same) same.push(place)
      else byKey.set(key, [place])
    }
    let settled = 0
    for (const [n, picture] of pictures.entries()) {
      if (places[n] !== undefined) continue
      const place = byKey.get(keyOf(picture))?.find((candidate) => free.has(candidate) && fits(picture, candidate))
      if (place === undefined) continue
      places[n] = place
      free.delete(place)
      settled++
    }
    return settled
  }

  settle(({ content, name }) => `${content} ${name}`)
  const renamed = settle(({ content }) => content)
  // What has been learnt from must not measure, and what measures must not be learnt from, under whatever name.
  const replaced = settle(
    ({ name }) => name,
    ({ part }, place) => {
      const content = contents[place]
      return part === 'train' ? learnt.has(content) || !measuring.has(content) : !learnt.has(content)
    },
  )
  const missing = places.filter((place) => place === undefined).length
  const relabelled = places.filter((place, n) => place !== undefined && classOf(place) !== pictures[n].class).length
  const added = labels.length - (pictures.length - missing)
  return { places, changes: { added, missing, changed: replaced + relabelled, renamed } }
}

/** The data set with its labels as places in `classes`, which has all that occur. */
function withClasses(dataset: Dataset, classes: readonly string[]): Dataset {
  const places = dataset.classes.map((name) => classes.indexOf(name))
  return { ...dataset, classes, labels: dataset.labels.map((label) => places[label]) }
}

/** What a person should know of a folder that has changed; nothing where it is as it was. */
export function describeChanges({ added, missing, changed, renamed }: PictureChanges): string[] {
  const facts = [
    ...(added > 0 ? [`${added} new, which are left aside`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(renamed > 0 ? [`${renamed} renamed`] : []),
  ]
  return facts.length === 0 ? [] : [`the pictures have changed since the run began: ${facts.join(', ')}`]
}
