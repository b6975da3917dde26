import { AlexNetError } from '../errors.js'
import { random } from '../random.js'
import { type Dataset, placesByClass } from './dataset.js'
import { checkCount, divide, type Split, stratifiedShares } from './split.js'

/** A picture file's content, and where the files that have it stand. */
interface Group {
  readonly content: string
  readonly places: number[]
  /** In [0, 1): what decides. It depends on nothing but the content and the seed. */
  readonly draw: number
}

/** The pictures of a class, those of one content together. */
interface Class {
  /** That may be held out, the first ones first. */
  readonly free: readonly Group[]
  /** That are learnt from in any case. */
  readonly kept: readonly Group[]
  /** How many pictures it has. */
  readonly size: number
  /** Some of them have been learnt from before. */
  readonly hasLearnt: boolean
}

/**
 * Holds pictures out of a training part by their content: pictures may be added, removed and renamed, and no other moves to
 * the other side. Copies of a picture are on the same side.
 *
 * A share is held out by a number drawn for each picture, which is below it or not: so it is met on the average. A count is
 * met as closely as copies allow, of every class the same share; there the choice depends on how many pictures there are.
 * The last picture of a class is never held out.
 *
 * @param wanted A share below 1, or how many.
 * @param dataset With the `contents` of its pictures.
 * @param learnt Contents that a network which training begins with has learnt from: they are not held out, and others take
 * their place as far as there are any.
 * @throws AlexNetError `invalid-setting` for a count that leaves one of the parts empty, and where nothing can be held out.
 */
export function holdOutByContent(
  dataset: Dataset,
  wanted: number,
  seed: number,
  learnt: ReadonlySet<string> = new Set(),
): Split {
  const { contents = [] } = dataset
  const classes = placesByClass(dataset).map((places) => groupsOf(places, contents, seed, learnt))
  const chosen = wanted < 1 ? heldShare(classes, wanted) : heldCount(dataset, classes, wanted)
  const held = chosen.size > 0 ? chosen : oneAtLeast(dataset, classes)
  return divide(dataset, (n) => held.has(contents[n]))
}

/** The pictures of a class by their contents, the first to be held out first. */
function groupsOf(
  places: readonly number[],
  contents: readonly string[],
  seed: number,
  learnt: ReadonlySet<string>,
): Class {
  const groups = new Map<string, Group>()
  for (const place of places) {
    const content = contents[place]
    const group = groups.get(content) ?? { content, places: [], draw: random(seed, 'split', content).uniform() }
    groups.set(content, group)
    group.places.push(place)
  }
  const sorted = [...groups.values()].sort((a, b) => a.draw - b.draw || (a.content < b.content ? -1 : 1))
  const known = sorted.filter(({ content }) => learnt.has(content))
  const unknown = sorted.filter(({ content }) => !learnt.has(content))
  // One must be left to learn from; what has been learnt from is left anyway.
  const [free, kept] = known.length > 0 ? [unknown, known] : [unknown.slice(0, -1), unknown.slice(-1)]
  return { free, kept, size: places.length, hasLearnt: known.length > 0 }
}

function heldShare(classes: readonly Class[], share: number): Set<string> {
  const kept = contentsOf(classes.flatMap((one) => one.kept))
  const held = new Set<string>()
  for (const { free, size, hasLearnt } of classes) {
    let count = 0
    for (const { content, places, draw } of free) {
      if (kept.has(content)) continue
      const isMissing = hasLearnt && count + places.length <= share * size
      if (draw >= share && !isMissing) continue
      held.add(content)
      count += places.length
    }
  }
  return held
}

function heldCount(dataset: Dataset, classes: readonly Class[], count: number): Set<string> {
  const sizes = classes.map(({ size }) => size)
  const most = classes.map(({ free }) => free.reduce((sum, { places }) => sum + places.length, 0))
  const all = most.reduce((a, b) => a + b, 0)
  if (all === 0) return new Set()
  checkCount(dataset, count, all)
  const shares = stratifiedShares(sizes, count, most)
  const held = new Set<string>()
  const kept = contentsOf(classes.flatMap((one) => (one.hasLearnt ? one.kept : [])))
  for (const [label, { free, kept: last, hasLearnt }] of classes.entries()) {
    let left = shares[label]
    // Where an earlier one has too many copies, the last may be held out in its place.
    for (const { content, places } of hasLearnt ? free : [...free, ...last]) {
      if (places.length <= left) {
        left -= places.length
        held.add(content)
      } else kept.add(content)
    }
  }
  // The same picture in two classes is learnt from where either of them does.
  for (const content of kept) held.delete(content)
  return held
}

/** Where nothing was chosen, since so few are wanted or copies must stay together: one there must be, of the fewest copies. */
function oneAtLeast(dataset: Dataset, classes: readonly Class[]): Set<string> {
  const kept = contentsOf(classes.flatMap((one) => one.kept))
  const free = classes.flatMap((one) => one.free).filter(({ content }) => !kept.has(content))
  const copies = new Map<string, number>()
  for (const { content, places } of free) copies.set(content, (copies.get(content) ?? 0) + places.length)
  const copiesOf = ({ content }: Group) => copies.get(content) ?? 0
  const [first] = free.sort((a, b) => copiesOf(a) - copiesOf(b) || a.draw - b.draw)
  if (first) return new Set([first.content])
  if (classes.some(({ hasLearnt }) => hasLearnt))
    throw new AlexNetError(
      'invalid-setting',
      `the weights have learnt from all pictures of ${dataset.name} that could be held out: none is left to validate on`,
      'Add pictures that they have not learnt from, or give a folder with train/ and val/.',
    )
  checkCount(dataset, 1, 0)
  return new Set()
}

function contentsOf(groups: readonly Group[]): Set<string> {
  return new Set(groups.map(({ content }) => content))
}
