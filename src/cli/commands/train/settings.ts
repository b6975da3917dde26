import { isDeepStrictEqual } from 'node:util'
import type { FolderFacts } from '../../../data/folder-facts.js'
import { AlexNetError } from '../../../errors.js'
import type { Checkpoint } from '../../../runs/checkpoint.js'
import type { FolderDefault } from '../../../runs/folder-defaults.js'
import { RunDirectory } from '../../../runs/node/run-directory.js'
import { checkRecipe, type Recipe, recipeSchema } from '../../../runs/recipe.js'
import { warmupOf } from '../../../runs/schedule.js'
import { withValue } from '../../../settings/key.js'
import { valueAt } from '../../../settings/schema-at.js'
import type { ResumedRun, RunOptions } from '../../../training/node/run-training.js'
import type { ChosenDataset } from '../../chosen-dataset.js'
import { baseRecipe, fineTuningRecipe } from './base-recipe.js'
import type { TrainFlags } from './flags.js'
import type { GivenSetting } from './setting-option.js'

export interface TrainSettings extends Pick<RunOptions, 'weights'> {
  readonly recipe: Recipe
  readonly resume?: ResumedRun
  /** Where the settings of a new run come from, in words. */
  readonly origin?: string
  /** The folder of one's own pictures, where settings follow it, and which do. */
  readonly fitted?: FittedFolder
  /** What had to be assumed about the weights. */
  readonly notes?: readonly string[]
}

export interface FittedFolder {
  readonly directory: string
  readonly facts: FolderFacts
  /** Settings that are not as in the recipe, since the folder asks for others. */
  readonly chosen: readonly FolderDefault[]
}

type GivenFlags = Pick<TrainFlags, 'recipe' | 'resume' | 'out' | 'set' | 'dryRun' | 'followLinks' | 'valLabels'>

/** What a run is made with: a new one of recipe and flags, or one that goes on. */
export function trainSettings(chosen: ChosenDataset, flags: GivenFlags): Promise<TrainSettings> {
  return flags.resume === undefined ? newSettings(chosen, flags) : resumedSettings(flags.resume, chosen, flags)
}

async function newSettings({ name: dataset, directory }: ChosenDataset, flags: GivenFlags): Promise<TrainSettings> {
  const ofData = (key: string, value: unknown) => ({ flag: 'dataset', path: ['data', key], value })
  // Pictures that are named here are not those that a program gave.
  const named = dataset === undefined ? [] : [ofData('name', dataset), ofData('given', undefined)]
  const given = [...named, ...wholeFirst(flags.set ?? [])]
  const isOwn = dataset === 'pictures' && directory !== undefined && flags.recipe === undefined
  const facts = isOwn ? await lookAt(directory, flags) : undefined
  const asked = {
    recipe: flags.recipe,
    model: textOf(given, 'model.name'),
    norm: textOf(given, 'model.norm'),
    weights: textOf(given, 'weights'),
    size: sizeIn(given),
  }
  const { recipe: base, origin, chosen = [] } = await baseRecipe(dataset, asked, facts)
  const isGiven = (key: string) => given.some(({ path }) => `${path.join('.')}.`.startsWith(`${key}.`))
  // Whoever says how many epochs wants no more for the sake of the steps.
  const isOver = (key: string) => isGiven(key) || (key === 'training.minimumSteps' && isGiven('training.epochs'))
  const fitted = facts && { facts, directory: directory!, chosen: chosen.filter(({ key }) => !isOver(key)) }
  const about = { origin, ...(fitted && { fitted }) }
  const { weights: file } = changed(base, given)
  if (file === undefined) return { recipe: changed(fittedTo(given, base), given), ...about }
  // Files of other programs are read with much that most trainings have no use for.
  const [{ readWeights }, { weightsFile }] = await Promise.all([
    import('../../../exchange/node/read-weights.js'),
    import('../../torchvision.js'),
  ])
  const { checkpoint: weights, notes } = await readWeights(await weightsFile(file, { mayDownload: !flags.dryRun }))
  refuseNetwork(weights, given)
  const own = flags.recipe === undefined ? fineTuningRecipe(base, weights) : base
  return { recipe: changed(fittedTo(given, own), given), weights, notes, ...about }
}

/** What the folder of one's own pictures is like. Reading files takes libraries that most commands do without. */
async function lookAt(directory: string, { followLinks, valLabels }: GivenFlags): Promise<FolderFacts> {
  const { lookAtFolder } = await import('../../../data/node/pictures/look-at-folder.js')
  return lookAtFolder(directory, { followLinks, validationLabels: valLabels })
}

/** With weights the network is theirs. */
function refuseNetwork({ recipe: { model } }: Checkpoint, given: readonly GivenSetting[]): void {
  const other = given.find(
    ({ path: [part, key], value }) => part === 'model' && (key !== 'name' || value !== model.name),
  )
  if (other === undefined) return
  throw new AlexNetError(
    'usage',
    `training that begins with weights takes their network, ${model.name}: ${other.flag} cannot be given`,
    'Leave it out, or start without weights.',
  )
}

async function resumedSettings(
  folder: string,
  { name, directory }: ChosenDataset,
  flags: GivenFlags,
): Promise<TrainSettings> {
  refuseChanges(name === 'pictures' ? directory : name, flags)
  const resume = await RunDirectory.resume(folder)
  try {
    return { recipe: changed(resume.checkpoint.recipe, wholeFirst(flags.set ?? [])), resume }
  } catch (error) {
    await resume.run.close()
    throw error
  }
}

/** What may change when a run goes on, the keys within them too; any other key is part of what is gone on with. */
const changeable = [
  'training.epochs',
  'training.patience',
  ...['rate', 'weightDecay', 'clipNorm', 'average', 'momentum', 'beta1', 'beta2', 'epsilon'].map(
    (key) => `optimizer.${key}`,
  ),
  'schedule',
  'loss',
  'data.mix',
]

/**
 * The exact continuation of a run needs its network, its pictures and their order as they were, and an update that
 * understands the state.
 */
function refuseChanges(dataset: string | undefined, { recipe, out, set = [] }: GivenFlags): void {
  const fixed = set.filter(({ path }) => {
    const key = path.join('.')
    return !changeable.some((free) => key === free || key.startsWith(`${free}.`))
  })
  const [refused] = [
    ...(dataset === undefined ? [] : [`the data set '${dataset}'`]),
    ...(recipe === undefined ? [] : ['--recipe']),
    ...fixed.map(({ flag }) => flag),
    ...(out === undefined ? [] : ['--out']),
  ]
  if (refused === undefined) return
  throw new AlexNetError(
    'usage',
    `--resume goes on with a run as it was started: ${refused} cannot be given`,
    'Leave it out, or start a new run without --resume.',
  )
}

/**
 * What is given, so that a flag for a whole, `--schedule steps:30`, does not undo one for a part of it, `--warmup 2`,
 * whichever stands first. Keys of `--set` stay in their order.
 */
function wholeFirst(given: readonly GivenSetting[]): readonly GivenSetting[] {
  const flags = given.filter(({ flag }) => !flag.startsWith('--set '))
  const isPart = (one: GivenSetting) =>
    flags.includes(one) &&
    flags.some(({ path }) => path.length < one.path.length && path.every((key, i) => key === one.path[i]))
  return [...given.filter((one) => !isPart(one)), ...given.filter(isPart)]
}

/** The last value that is given for a key. */
function lastOf(given: readonly GivenSetting[], key: string): unknown {
  return given.findLast(({ path }) => path.join('.') === key)?.value
}

function textOf(given: readonly GivenSetting[], key: string): string | undefined {
  const value = lastOf(given, key)
  return typeof value === 'string' ? value : undefined
}

function sizeIn(given: readonly GivenSetting[]): number | undefined {
  const value = lastOf(given, 'data.size')
  return typeof value === 'number' ? value : undefined
}

/**
 * A recipe without what would contradict a given setting: whoever says how many epochs wants no more for the sake of the
 * steps nor a longer warm-up, and pictures of another size have no larger square to be cut out of them.
 */
function fittedTo(given: readonly GivenSetting[], recipe: Recipe): Recipe {
  const size = sizeIn(given)
  const epochs = lastOf(given, 'training.epochs')
  const warmup = warmupOf(recipe.schedule)
  const { minimumSteps: _, ...training } = recipe.training
  return {
    ...recipe,
    data: {
      ...recipe.data,
      ...(size !== undefined && { augmentation: croppedTo(size, recipe.data.augmentation) }),
    },
    training: epochs === undefined ? recipe.training : training,
    schedule:
      typeof epochs === 'number' && warmup > epochs
        ? ({ ...recipe.schedule, warmup: epochs } as Recipe['schedule'])
        : recipe.schedule,
  }
}

function croppedTo(side: number, augmentation: Recipe['data']['augmentation']): Recipe['data']['augmentation'] {
  return augmentation.map((transform) =>
    'size' in transform && transform.size !== undefined
      ? { ...transform, size: Math.min(side, transform.size) }
      : transform,
  )
}

/** A recipe with what is given instead, one after the other. What it claims holds only as long as nothing is changed. */
function changed(recipe: Recipe, given: readonly GivenSetting[]): Recipe {
  const { claim, ...settings } = recipe
  const next = given.reduce<unknown>(
    (current, { path, value, into }) =>
      withValue(recipeSchema, current, path, into ? into(valueAt(current, path)) : value),
    settings,
  )
  const checked = checkRecipe(next, 'the settings')
  return claim !== undefined && isDeepStrictEqual(checked, checkRecipe(settings, 'the recipe'))
    ? { ...checked, claim }
    : checked
}
