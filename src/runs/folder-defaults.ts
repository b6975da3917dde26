import { type FolderFacts, picturesIn } from '../data/folder-facts.js'
import { pathOf, withValue } from '../settings/key.js'
import { checkRecipe, type Recipe, recipeSchema } from './recipe.js'

/** A value for a key of the recipe `pictures`, instead of its own. */
export interface FolderDefault {
  readonly key: string
  readonly value: unknown
  /** What of the folder asks for it. */
  readonly why: string
}

const small = 'the pictures are small'
const few = 'the pictures are few'
const many = 'the pictures are many'

/** Fewer pictures than this are few for a network that starts from nothing. */
const FEW = 1000
/** With fewer than this no number of steps will do. */
const VERY_FEW = 100
/** Up to here each is seen as often as the recipe says. */
const MANY = 4000
/** The recipe's epochs fall with the root of the number of pictures, but no lower. */
const LEAST_EPOCHS = 15
/** From here on batches are larger. */
const LARGE = 20_000
/** A shorter side below which AlexNet's first layer, of 11×11 pixels moved by 4, leaves too little of a picture. */
const SMALL = 64
/** A shorter side below which pictures would be enlarged by far more than is seen in them. */
const MEDIUM = 160
/** The smallest side that `alexnet-cifar` is given: it was made for it. */
const SMALLEST = 32

/**
 * What the settings of a training are for a folder of pictures, where they are not those of the recipe `pictures`. Nothing
 * for some thousand photographs, which that recipe is made for.
 *
 * @param recipe The recipe `pictures`.
 * @param size The size of pictures, where it is asked for.
 */
export function folderDefaults(facts: FolderFacts, recipe: Recipe, size?: number): FolderDefault[] {
  return [
    ...(size === undefined ? ofSize(facts, recipe) : ofAskedSize(size, recipe)),
    ...ofLength(picturesIn(facts), recipe),
    ...ofBatches(picturesIn(facts), recipe),
    ...ofValidation(facts),
  ]
}

/** A recipe with these values. */
export function withDefaults(recipe: Recipe, defaults: readonly FolderDefault[]): Recipe {
  const next = defaults.reduce<unknown>(
    (current, { key, value }) => withValue(recipeSchema, current, pathOf(recipeSchema, key), value),
    recipe,
  )
  return checkRecipe(next, 'the recipe for the folder')
}

/** Pictures of a class, on the average, that a network which starts from nothing wants at least. */
const ENOUGH_OF_A_CLASS = 200

/** Whether a network that has learnt from other photographs would be the better start. */
export function needsTrained(facts: FolderFacts): boolean {
  return picturesIn(facts) < ENOUGH_OF_A_CLASS * facts.counts.length && shorterSide(facts) >= SMALL
}

/** The network, and the pictures that it sees: none is enlarged by far, and few are not worth large ones. */
function ofSize(facts: FolderFacts, recipe: Recipe): FolderDefault[] {
  const side = shorterSide(facts)
  if (side < SMALL) {
    const size = Math.max(SMALLEST, side)
    return [{ key: 'data.size', value: size, why: small }, ...ofSmall(size, recipe)]
  }
  if (side >= MEDIUM && picturesIn(facts) >= FEW) return []
  const why = side < MEDIUM ? small : few
  const augmentation = recipe.data.augmentation.map((transform) =>
    transform.kind === 'random-resized-crop' ? { ...transform, size: 128 } : transform,
  )
  return [
    { key: 'data.size', value: 144, why },
    { key: 'data.augmentation', value: augmentation, why },
  ]
}

function ofAskedSize(size: number, recipe: Recipe): FolderDefault[] {
  return size < SMALL ? ofSmall(size, recipe) : []
}

/** Of small pictures nothing is cut away: they are moved by an eighth, as those of CIFAR-10 usually are. */
function ofSmall(size: number, { data }: Recipe): FolderDefault[] {
  const moved = { kind: 'random-crop', padding: Math.round(size / 8) }
  const others = data.augmentation.filter(({ kind }) => kind !== 'random-resized-crop')
  return [
    { key: 'model.name', value: 'alexnet-cifar', why: small },
    { key: 'data.augmentation', value: [moved, ...others], why: small },
  ]
}

/** A folder of very few is known by heart soon; of many it need not be gone through so often. */
function ofLength(pictures: number, { training, data }: Recipe): FolderDefault[] {
  const { epochs, batchSize, minimumSteps = 0 } = training
  if (pictures < VERY_FEW) return [{ key: 'training.minimumSteps', value: 300, why: 'the pictures are very few' }]
  const steps = (epochs * pictures * (1 - data.validation)) / batchSize
  if (steps < minimumSteps) return [{ key: 'training.minimumSteps', value: minimumSteps, why: few }]
  if (pictures <= MANY) return []
  return [
    {
      key: 'training.epochs',
      value: Math.max(LEAST_EPOCHS, Math.round(epochs * Math.sqrt(MANY / pictures))),
      why: many,
    },
  ]
}

/** Larger batches take less time for each picture; the rate grows with the root of their size, as `rateFor` has it. */
function ofBatches(pictures: number, { training, optimizer }: Recipe): FolderDefault[] {
  if (pictures < LARGE) return []
  return [
    { key: 'training.batchSize', value: 4 * training.batchSize, why: many },
    { key: 'optimizer.rate', value: 2 * optimizer.rate, why: many },
  ]
}

/** Some thousand pictures measure a network well enough: the others are to be learnt from. */
function ofValidation(facts: FolderFacts): FolderDefault[] {
  const pictures = picturesIn(facts)
  if (facts.hasValidation || pictures < 10_000) return []
  return [{ key: 'data.validation', value: pictures < 50_000 ? 0.1 : 0.05, why: many }]
}

/** What is not known is taken for large. */
function shorterSide({ size }: FolderFacts): number {
  return size ? Math.min(size.width, size.height) : Number.POSITIVE_INFINITY
}
