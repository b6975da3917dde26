import { random } from '../random.js'
import type { Dataset } from './dataset.js'
import { checkCount, divide, placesByClass, type Split, stratifiedShares } from './split.js'

/** A picture file's content, and where the files that have it stand. */
interface Group {
  readonly content: string
  readonly places: number[]
  /** In [0, 1): what decides. It depends on nothing but the content and the seed. */
  readonly draw: number
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
 * @throws AlexNetError `invalid-setting` for a count that leaves one of the parts empty.
 */
export function holdOutByContent(dataset: Dataset, wanted: number, seed: number): Split {
  const { contents = [] } = dataset
  const classes = placesByClass(dataset).map((places) => groupsOf(places, contents, seed))
  const held = wanted < 1 ? heldShare(dataset, classes, wanted) : heldCount(dataset, classes, wanted)
  return divide(dataset, (n) => held.has(contents[n]))
}

/** The pictures of a class by their contents, the first to be held out first. */
function groupsOf(places: readonly number[], contents: readonly string[], seed: number): Group[] {
  const groups = new Map<string, Group>()
  for (const place of places) {
    const content = contents[place]
    const group = groups.get(content) ?? { content, places: [], draw: random(seed, 'split', content).uniform() }
    groups.set(content, group)
    group.places.push(place)
  }
  return [...groups.values()].sort((a, b) => a.draw - b.draw || (a.content < b.content ? -1 : 1))
}

function heldShare(dataset: Dataset, classes: readonly (readonly Group[])[], share: number): Set<string> {
  const last = contentsOf(classes.flatMap((groups) => groups.at(-1) ?? []))
  const free = classes.flat().filter(({ content }) => !last.has(content))
  const held = free.filter(({ draw }) => draw < share)
  // So few pictures that none was drawn: one there must be.
  const chosen = held.length > 0 ? held : free.sort((a, b) => a.draw - b.draw).slice(0, 1)
  if (chosen.length === 0) checkCount(dataset, 1, 0)
  return contentsOf(chosen)
}

function heldCount(dataset: Dataset, classes: readonly (readonly Group[])[], count: number): Set<string> {
  const sizes = classes.map((groups) => groups.reduce((sum, { places }) => sum + places.length, 0))
  const most = classes.map((groups, label) => sizes[label] - (groups.at(-1)?.places.length ?? 0))
  checkCount(
    dataset,
    count,
    most.reduce((a, b) => a + b, 0),
  )
  const shares = stratifiedShares(sizes, count, most)
  const held = new Set<string>()
  const kept = new Set<string>()
  for (const [label, groups] of classes.entries()) {
    let left = shares[label]
    for (const { content, places } of groups) {
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

function contentsOf(groups: readonly Group[]): Set<string> {
  return new Set(groups.map(({ content }) => content))
}
