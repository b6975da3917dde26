import { resolve } from 'node:path'
import { AlexNetError } from '../../../errors.js'
import type { Recipe } from '../../../runs/recipe.js'
import { type Combination, combinationsOf, type Sweep, type SweepList } from '../../../runs/sweep.js'
import { shortKey, valueText } from '../../../runs/sweep-text.js'
import { type ChosenDataset, chosenDataset } from '../../chosen-dataset.js'
import type { GivenSetting } from '../train/setting-option.js'
import { trainSettings } from '../train/settings.js'
import type { SweepFlags } from './flags.js'
import { isListed } from './lists.js'

export interface SweepPlan {
  readonly sweep: Sweep
  readonly chosen: ChosenDataset
  /** Whole, by the names of the runs. */
  readonly recipes: ReadonlyMap<string, Recipe>
  /** Where the settings come from, in words. */
  readonly origin?: string
}

/** More trainings than this are a slip. */
const MOST_RUNS = 1000

/** A folder's name is not longer than this; the number before it tells it from others. */
const LONGEST_NAME = 80

/**
 * What a command line asks for: each combination with its whole recipe, so that whatever contradicts itself shows before
 * anything is trained.
 *
 * @throws AlexNetError `usage` without a list, and whatever `trainSettings` throws.
 */
export async function planSweep(dataset: string | undefined, flags: SweepFlags): Promise<SweepPlan> {
  const lists = listsOf(flags.set ?? [])
  const combinations = combinationsOf(lists)
  if (combinations.length > MOST_RUNS)
    throw new AlexNetError(
      'usage',
      `these lists make ${combinations.length} trainings, expected at most ${MOST_RUNS}`,
      'Give fewer values, or several sweeps one after the other.',
    )
  const chosen = await chosenDataset(dataset, flags.data)
  const recipes = new Map<string, Recipe>()
  const runs: Combination[] = []
  let origin: string | undefined
  for (const [i, settings] of combinations.entries()) {
    const name = nameOf(i, combinations.length, settings)
    const set = (flags.set ?? []).map((given) => {
      return isListed(given) ? { ...given, value: settings[given.path.join('.')] } : given
    })
    const planned = await trainSettings(chosen, { ...flags, resume: undefined, set })
    origin = planned.origin
    recipes.set(name, planned.recipe)
    runs.push({ name, settings })
  }
  const options = optionsToKeep(flags)
  const path = chosen.name === 'pictures' ? { dataset: resolve(chosen.directory!) } : { dataset: chosen.name }
  return { sweep: { format: 'alexnet-sweep-1', ...path, lists, runs, options }, chosen, recipes, origin }
}

/** @throws AlexNetError `usage` where there is none, or two of one key. */
function listsOf(set: readonly GivenSetting[]): SweepList[] {
  const lists = set.filter(isListed).map(({ path, values }) => ({ key: path.join('.'), values: [...values] }))
  const keys = set.map(({ path }) => path.join('.'))
  const twice = lists.find(({ key }) => keys.indexOf(key) !== keys.lastIndexOf(key))
  if (twice)
    throw new AlexNetError('usage', `${twice.key} is given twice, once with several values`, 'Put them into one list.')
  if (lists.length === 0)
    throw new AlexNetError(
      'usage',
      'a sweep tries several values of a setting, and none is given a list',
      'For example --set optimizer.rate=0.01,0.03, or --set training.seed=1..3; alexnet train trains once.',
    )
  return lists
}

/** What is said again for each training: how pictures are read, what computes, what is written. */
function optionsToKeep({
  set: _set,
  recipe: _recipe,
  out: _out,
  resume: _resume,
  dryRun: _dry,
  json: _json,
  ...kept
}: SweepFlags) {
  const { data, valLabels } = kept
  // The command that goes on may be given elsewhere.
  return {
    ...kept,
    ...(data !== undefined && { data: resolve(data) }),
    ...(valLabels !== undefined && { valLabels: resolve(valLabels) }),
  }
}

/** `02-rate=0.03-seed=1`: a folder's name, which sorts and says what it is. */
function nameOf(index: number, count: number, settings: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(settings).map(([key, value]) => `${shortKey(key)}=${valueText(value)}`)
  const number = String(index + 1).padStart(String(count).length, '0')
  return [number, ...words]
    .join('-')
    .replace(/[^\p{L}\p{N}_.=+-]+/gu, '-')
    .slice(0, LONGEST_NAME)
    .replace(/[-.]+$/, '')
}
