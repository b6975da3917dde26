import { availableParallelism } from 'node:os'
import type { ScanProgress } from '../../../data/node/pictures/decode-pictures.js'
import { AlexNetError, messageOf } from '../../../errors.js'
import type { WrittenReport } from '../../../report/node/write-report.js'
import { runTraining, type TrainedRun } from '../../../training/node/run-training.js'
import { chooseEngine } from '../../choose-engine.js'
import { chosenDataset } from '../../chosen-dataset.js'
import { commandName } from '../../command-name.js'
import { expectFolderName } from '../../file-ending.js'
import { interruptible } from '../../interrupt.js'
import { shellWord } from '../../shell-word.js'
import { withoutAutoRate } from './auto-rate.js'
import type { TrainFlags } from './flags.js'
import { expectLogFolder } from './log-folder.js'
import { TrainPage } from './page.js'
import { TrainReporter } from './reporter.js'
import { reportOn, runOptionsOf } from './run-options.js'
import { trainSettings } from './settings.js'

/** `alexnet train`: settings from recipe and flags, then the run, then its result. */
export async function runTrain(dataset: string | undefined, given: TrainFlags): Promise<void> {
  const { flags, rate } = withoutAutoRate(given)
  expectFolderName(flags.out)
  await expectLogFolder(flags.tensorboard, dataset)
  if (flags.dryRun && flags.resume !== undefined)
    throw new AlexNetError(
      'usage',
      '--dry-run is of a new training: --resume cannot be given',
      'Leave one of them out.',
    )
  const engine = await chooseEngine(flags)
  const chosen = await chosenDataset(dataset, flags.data)
  const { recipe, resume, weights, origin, fitted, notes = [] } = await trainSettings(chosen, flags)
  const page = flags.ui ? new TrainPage((line) => reporter.say(line)) : undefined
  const reporter = new TrainReporter(
    { json: flags.json === true, resumeFlags: resumeFlags(flags), origin, fitted },
    (run) => page?.open(run),
  )
  for (const note of notes) reporter.onWarning(note)
  const settings = { ...runOptionsOf(flags, chosen), recipe, engine, resume, weights, rate, out: flags.out }
  if (flags.dryRun) {
    const { runDryRun } = await import('./dry-run.js')
    const announce = () => reporter.say('Stopping.')
    await interruptible(announce, (signal) => runDryRun({ ...settings, signal }, reporter))
    return
  }
  await interruptible(
    () => reporter.interrupted(),
    async (signal) => {
      let report: WrittenReport | undefined
      const afterwards = async (trained: TrainedRun) => {
        const progress = { signal, onProgress: (at: ScanProgress) => reporter.onReport(at) }
        try {
          report = await reportOn(trained, engine.engine, recipe.training.batchSize, flags, progress)
        } catch (error) {
          // The run is worth more than its report.
          reporter.onWarning(
            `no report is written: ${messageOf(error)} (try: ${commandName} report ${shellWord(trained.run)})`,
          )
        }
      }
      try {
        const summary = await runTraining({ ...settings, signal, ...(flags.report && { afterwards }) }, reporter)
        reporter.finish(summary, report)
        if (summary.interrupted) process.exitCode = 130
      } finally {
        page?.close()
        reporter.stop()
      }
    },
    // Before the first step there is nothing to save; what was downloaded so far is kept.
    () => reporter.say('Stopped before the training began. A download goes on where it was when it is started again.'),
  )
}

/** What must be said again to go on with a run as it was begun: its exact numbers depend on engine, threads and precision. */
function resumeFlags({ data, tensorboard, engine, threads, precision }: TrainFlags): string {
  return [
    ...(data === undefined ? [] : ['--data', shellWord(data)]),
    ...(typeof tensorboard === 'string' ? ['--tensorboard', shellWord(tensorboard)] : []),
    ...(engine === 'auto' ? [] : ['--engine', engine]),
    ...(threads === availableParallelism() ? [] : ['--threads', String(threads)]),
    ...(precision === 'float32' ? [] : ['--precision', precision]),
  ].join(' ')
}
