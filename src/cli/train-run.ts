import { availableParallelism } from 'node:os'
import { selectEngine } from '../engines/node/select-engine.js'
import { AlexNetError } from '../errors.js'
import { readRecipe } from '../training/node/recipes.js'
import { RunDirectory } from '../training/node/run-directory.js'
import { runTraining } from '../training/node/run-training.js'
import { checkRecipe, type Recipe } from '../training/recipe.js'
import { type ChosenDataset, chosenDataset } from './chosen-dataset.js'
import { onInterrupt } from './interrupt.js'
import type { TrainFlags } from './train-flags.js'
import { TrainReporter } from './train-reporter.js'

/** `alexnet train`: settings from recipe and flags, then the run, then its result. */
export async function runTrainCommand(dataset: string | undefined, flags: TrainFlags): Promise<void> {
  const engine = await selectEngine(flags.engine, flags.device)
  const chosen = await chosenDataset(dataset, flags.data)
  const { recipe, resume } = await resolve(chosen, flags)
  const reporter = new TrainReporter(flags.json === true, resumeFlags(flags))
  const interrupt = onInterrupt(() => reporter.interrupted())
  try {
    const summary = await runTraining(
      {
        recipe,
        engine,
        resume,
        dataDirectory: chosen.directory,
        pictures: { cache: flags.cache, strict: flags.strict, validationLabels: flags.valLabels },
        out: flags.out,
        threads: flags.threads,
        precision: flags.precision,
        workers: flags.workers,
        signal: interrupt.signal,
      },
      reporter,
    )
    reporter.finish(summary)
    if (summary.interrupted) process.exitCode = 130
  } catch (error) {
    // Before the first step there is nothing to save; what was downloaded so far is kept.
    if (!interrupt.signal.aborted || !(error instanceof Error && error.name === 'AbortError')) throw error
    reporter.say('Stopped before the training began. A download goes on where it was when it is started again.')
    process.exitCode = 130
  } finally {
    reporter.stop()
    interrupt.dispose()
  }
}

async function resolve({ name, directory }: ChosenDataset, flags: TrainFlags) {
  if (flags.resume === undefined) return { recipe: override(await baseRecipe(name, flags), name, flags) }
  refuseChanges(name === 'pictures' ? directory : name, flags)
  const resume = await RunDirectory.resume(flags.resume)
  const recipe = override(resume.checkpoint.recipe, undefined, flags)
  if (recipe.schedule.kind === 'plateau' && recipe.data.validation === 0) {
    await resume.run.close()
    throw new AlexNetError(
      'invalid-setting',
      'a plateau schedule follows the validation loss, and this run has held out no validation pictures',
      'Choose another --schedule, or start a new run.',
    )
  }
  return { recipe, resume }
}

/** What must be said again to go on with a run as it was begun: its exact numbers depend on engine, threads and precision. */
function resumeFlags({ data, engine, threads, precision }: TrainFlags): string {
  return [
    ...(data === undefined ? [] : ['--data', JSON.stringify(data)]),
    ...(engine === 'auto' ? [] : ['--engine', engine]),
    ...(threads === availableParallelism() ? [] : ['--threads', String(threads)]),
    ...(precision === 'float32' ? [] : ['--precision', precision]),
  ].join(' ')
}

/** The exact continuation of a run needs its network, its pictures and their order as they were. */
function refuseChanges(dataset: string | undefined, flags: TrainFlags): void {
  const fixed = {
    dataset,
    '--recipe': flags.recipe,
    '--model': flags.model,
    '--width': flags.width,
    '--activation': flags.activation,
    '--lrn': flags.lrn,
    '--pooling': flags.pooling,
    '--dropout': flags.dropout,
    '--initial': flags.initial,
    '--image-size': flags.imageSize,
    '--validation': flags.validation,
    '--val-fraction': flags.valFraction,
    '--batch-size': flags.batchSize,
    '--seed': flags.seed,
    '--rule': flags.rule, // the velocities of the one mean nothing to the other
    '--out': flags.out,
  }
  const changed = Object.entries(fixed).find(([, value]) => value !== undefined)?.[0]
  if (changed === undefined) return
  throw new AlexNetError(
    'usage',
    `--resume goes on with a run as it was started: ${changed === 'dataset' ? `the data set '${dataset}'` : changed} cannot be given`,
    'Leave it out, or start a new run without --resume.',
  )
}

/** The recipe to start from: the one asked for, the model's, or the data set's. */
async function baseRecipe(dataset: string | undefined, { recipe, model }: TrainFlags): Promise<Recipe> {
  if (recipe !== undefined) {
    const asked = await readRecipe(recipe)
    if (model === undefined || model === asked.model.name) return asked
    throw new AlexNetError(
      'usage',
      `the recipe ${recipe} is for the network ${asked.model.name}: its rate, decay and normalisation do not suit ${model}`,
      `Leave --recipe or --model out, or copy the recipe and change it.`,
    )
  }
  if (model !== undefined && dataset !== 'pictures') {
    const { createModel } = await import('../models/catalogue.js')
    createModel(model) // An unknown model is to be called a model, not a recipe.
    const own = await readRecipe(model)
    return { ...own, claim: undefined, data: { ...own.data, name: 'shapes' } }
  }
  return readRecipe(dataset === 'cifar10' ? '80sec' : (dataset ?? 'shapes'))
}

/** A recipe with what the flags say instead. What it claims holds only as long as nothing is changed. */
function override(recipe: Recipe, dataset: string | undefined, flags: TrainFlags): Recipe {
  const changed = {
    model: given({
      name: flags.model,
      width: flags.width,
      activation: flags.activation,
      lrn: flags.lrn,
      pooling: flags.pooling,
      dropout: flags.dropout,
      initial: flags.initial,
    }),
    data: given({ name: dataset, size: flags.imageSize, validation: flags.valFraction ?? flags.validation }),
    training: given({ epochs: flags.epochs, batchSize: flags.batchSize, seed: flags.seed }),
    optimizer: given({
      rate: flags.lr,
      momentum: flags.momentum,
      weightDecay: flags.weightDecay,
      rule: flags.rule,
    }),
    schedule: given({ schedule: flags.schedule }),
  }
  const differs = [
    ...Object.entries(changed.model).map(([key, value]) => (recipe.model as Record<string, unknown>)[key] !== value),
    ...Object.entries(changed.data).map(([key, value]) => (recipe.data as Record<string, unknown>)[key] !== value),
    ...[changed.training, changed.optimizer, changed.schedule].map((part) => Object.keys(part).length > 0),
  ].some(Boolean)
  return checkRecipe(
    {
      ...(recipe.claim !== undefined && !differs && { claim: recipe.claim }),
      model: { ...recipe.model, ...changed.model },
      data: { ...recipe.data, ...changed.data },
      training: { ...recipe.training, ...changed.training },
      optimizer: { ...recipe.optimizer, ...changed.optimizer },
      schedule: flags.schedule ?? recipe.schedule,
    },
    'the settings',
  )
}

/** Without the entries that are not given. */
function given<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}
