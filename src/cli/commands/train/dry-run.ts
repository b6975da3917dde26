import pc from 'picocolors'
import { findCifar10 } from '../../../data/node/cifar10-download.js'
import { AlexNetError } from '../../../errors.js'
import { summarise } from '../../../models/summary.js'
import { formatRecipe } from '../../../runs/recipe-yaml.js'
import { type Rehearsal, rehearse } from '../../../training/node/rehearse.js'
import type { Settings } from '../../../training/node/run-training.js'
import { count, duration, fileSize } from '../../format.js'
import { aboutTime } from './about-time.js'
import type { TrainReporter } from './reporter.js'

/** `alexnet train --dry-run`: what would be trained, and how long it would take. */
export async function runDryRun(settings: Settings, reporter: TrainReporter): Promise<void> {
  await expectNoDownload(settings)
  const rehearsal = await rehearse(settings, {
    onStart(start) {
      reporter.describe(start)
      reporter.say('Trying some steps, which takes a few seconds.')
    },
    onScan: (at) => reporter.onScan(at),
    onWarning: (message) => reporter.onWarning(message),
  })
  reporter.finishDryRun([...linesOf(rehearsal), 'Nothing was written.'], answerOf(rehearsal))
}

/** @throws AlexNetError `missing-data` where the data set would be downloaded first. */
async function expectNoDownload({ recipe, dataDirectory }: Settings): Promise<void> {
  if (recipe.data.name !== 'cifar10' || dataDirectory !== undefined || (await findCifar10()) !== undefined) return
  throw new AlexNetError(
    'missing-data',
    'CIFAR-10 is not there yet: a training downloads it (170 MB), a dry run writes nothing',
    'Give the folder that holds it with --data, or leave --dry-run out.',
  )
}

function linesOf(rehearsal: Rehearsal): string[] {
  const { recipe } = rehearsal.start
  const { seconds, secondsPerStep, secondsPerEvaluation, peakMemoryBytes } = rehearsal
  return [
    pc.dim('settings'),
    ...formatRecipe(recipe)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    `${pc.dim('time  ')} ${aboutTime(recipe, seconds)}: ${shortTime(secondsPerStep)} a step, ${shortTime(secondsPerEvaluation)} to evaluate after each epoch`,
    `${pc.dim('memory')} ${fileSize(peakMemoryBytes)}`,
  ]
}

/** 0.0432 → `43 ms`; 1.243 → `1.2 s`. */
function shortTime(seconds: number): string {
  if (seconds < 1) return `${count(1000 * seconds)} ms`
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds)
}

/** What `--json` prints. */
function answerOf({ start, ...rehearsal }: Rehearsal) {
  const { model, data, recipe, engine, precision, threads } = start
  const { parameters, multiplyAdds } = summarise(model)
  const { train, validation, test } = data
  return {
    model: { name: model.name, parameters, multiplyAdds, input: model.inputShape },
    data: {
      train: train.labels.length,
      validation: validation?.labels.length,
      test: test?.labels.length,
      classes: train.classes,
    },
    ...{ engine, precision, threads, ...rehearsal, recipe },
  }
}
