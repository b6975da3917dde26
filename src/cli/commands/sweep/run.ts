import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import pc from 'picocolors'
import type { SelectedEngine } from '../../../engines/node/select-engine.js'
import { AlexNetError, messageOf } from '../../../errors.js'
import { readHistory } from '../../../runs/node/read-history.js'
import { readRecipe } from '../../../runs/node/recipes.js'
import { RunDirectory } from '../../../runs/node/run-directory.js'
import { SweepFolder, sweepFiles } from '../../../runs/node/sweep-folder.js'
import { type Combination, measuredOf, ranked, type Sweep, type SweepResult, seedGroups } from '../../../runs/sweep.js'
import { settingsText, valueText } from '../../../runs/sweep-text.js'
import { type RunSummary, runTraining, type TrainedRun } from '../../../training/node/run-training.js'
import { chooseEngine } from '../../choose-engine.js'
import { type ChosenDataset, chosenDataset } from '../../chosen-dataset.js'
import { commandName } from '../../command-name.js'
import { counted, duration, percent } from '../../format.js'
import { interruptible } from '../../interrupt.js'
import { isQuiet, result } from '../../output.js'
import { printable } from '../../printable.js'
import { shellWord } from '../../shell-word.js'
import { expectLogFolder } from '../train/log-folder.js'
import { TrainReporter } from '../train/reporter.js'
import { reportOn, runOptionsOf } from '../train/run-options.js'
import { trainSettings } from '../train/settings.js'
import type { SweepFlags } from './flags.js'
import { planSweep, type SweepPlan } from './plan.js'
import { sweepTable } from './table.js'

/** What may be said when a sweep goes on: the rest is as it was begun. */
const ofEachCall = ['--resume', '--json']

/**
 * `alexnet sweep`: trains with every combination of some settings, and compares.
 * @param given The options that the command line has.
 */
export async function runSweep(
  dataset: string | undefined,
  flags: SweepFlags,
  given: readonly string[],
): Promise<void> {
  const say = (line: string) => {
    if (!isQuiet()) (flags.json ? process.stderr : process.stdout).write(`${line}\n`)
  }
  if (flags.resume !== undefined) {
    refuseChanges(dataset, given)
    const folder = await SweepFolder.open(flags.resume)
    const { options } = folder.sweep
    // Written by this command, from flags that commander had read.
    await trainAll(folder, { ...(options as unknown as SweepFlags), json: flags.json }, say)
    return
  }
  await expectLogFolder(flags.tensorboard, dataset)
  const plan = await planSweep(dataset, flags)
  if (flags.out !== undefined) await SweepFolder.expectFree(flags.out)
  if (flags.dryRun) {
    const { dryRunSweep } = await import('./dry-run.js')
    await dryRunSweep(plan, flags, say)
    return
  }
  await trainAll(await newFolder(plan, flags.out), flags, say)
}

/** @throws AlexNetError `usage` */
function refuseChanges(dataset: string | undefined, given: readonly string[]): void {
  const [refused] = [
    ...(dataset === undefined ? [] : [`the data set '${dataset}'`]),
    ...given.filter((option) => !ofEachCall.includes(option)),
  ]
  if (refused === undefined) return
  throw new AlexNetError(
    'usage',
    `--resume goes on with a sweep as it was started: ${refused} cannot be given`,
    'Leave it out, or start a new sweep without --resume.',
  )
}

async function newFolder({ sweep, recipes, chosen }: SweepPlan, out: string | undefined): Promise<SweepFolder> {
  if (out !== undefined) return SweepFolder.create(out, sweep, recipes)
  const parent = join('runs', 'sweeps')
  const [{ data, model }] = recipes.values()
  const of = chosen.name === 'pictures' && chosen.directory !== undefined ? basename(chosen.directory) : data.name
  const name = `${of}-${model.name}`.replace(/[^\p{L}\p{N}_.-]+/gu, '-')
  await mkdir(parent, { recursive: true })
  for (let number = 1; ; number++) {
    const path = join(parent, `${name}-${number}`)
    // Without `recursive`, mkdir refuses a folder that is there: two sweeps never get the same.
    const isMade = await mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw new AlexNetError('not-writable', `cannot write to ${parent}: ${messageOf(error)}`)
      },
    )
    if (isMade) return SweepFolder.create(path, sweep, recipes)
  }
}

type Say = (line: string) => void

/** Trains what is left of a sweep, and tells what all of it gave. */
async function trainAll(folder: SweepFolder, flags: SweepFlags, say: Say): Promise<void> {
  try {
    const { sweep, path } = folder
    const engine = await chooseEngine(flags)
    const chosen = await chosenDataset(sweep.dataset, flags.data)
    const before = await folder.results()
    // What has diverged would again; other troubles may be over.
    const done = new Map(before.filter(isFinal).map((one) => [one.name, one]))
    say(`${pc.dim('sweep ')} ${printable(path)}: ${listsText(sweep)}, ${counted(sweep.runs.length, 'training')}`)
    if (done.size > 0) say(`${pc.dim('resume')} ${done.size} of ${sweep.runs.length} are done`)
    const training = new SweepTraining(folder, { flags, engine, chosen, say })
    let isInterrupted = false
    await interruptible(
      () => say('Finishing this step, then saving. Once more Ctrl-C quits at once.'),
      async (signal) => {
        for (const [i, run] of sweep.runs.entries()) {
          if (done.has(run.name)) continue
          const left = sweep.runs.slice(i).filter(({ name }) => !done.has(name)).length
          say(
            `\n${pc.bold(`run ${i + 1} of ${sweep.runs.length}`)}: ${settingsText(run.settings)}${training.timeLeft(left)}`,
          )
          const outcome = await training.train(run, signal)
          if (outcome === undefined) {
            isInterrupted = true
            return
          }
          await folder.addResult(outcome)
          done.set(run.name, outcome)
        }
      },
      () => {
        isInterrupted = true
      },
    )
    await tell(folder, [...done.values()], isInterrupted, flags, say)
    if (isInterrupted) process.exitCode = 130
    else if ([...done.values()].every(({ failed }) => failed)) process.exitCode = 1
  } finally {
    await folder.close()
  }
}

function isFinal({ failed }: SweepResult): boolean {
  return failed === undefined || failed.code === 'diverged'
}

interface SweepTrainingOptions {
  readonly flags: SweepFlags
  readonly engine: SelectedEngine
  readonly chosen: ChosenDataset
  readonly say: Say
}

/** Trains one run after the other. */
class SweepTraining {
  /** Seconds that runs of this call have taken. */
  private readonly taken: number[] = []

  constructor(
    private readonly folder: SweepFolder,
    private readonly options: SweepTrainingOptions,
  ) {}

  /** How long so many runs will take, by those that are done; nothing before one is. */
  timeLeft(runs: number): string {
    if (this.taken.length === 0) return ''
    const mean = this.taken.reduce((sum, seconds) => sum + seconds, 0) / this.taken.length
    return pc.dim(`  about ${duration(mean * runs)} left for all`)
  }

  /** Trains a run from its beginning, or goes on with it; undefined: it was interrupted. */
  async train({ name }: Combination, signal: AbortSignal): Promise<SweepResult | undefined> {
    const { say } = this.options
    const path = this.folder.runPath(name)
    const start = performance.now()
    const reporter = new TrainReporter({ json: this.options.flags.json === true, resumeFlags: '' })
    try {
      const summary = await this.runOf(name, reporter, signal)
      if (summary.interrupted) return undefined
      this.taken.push((performance.now() - start) / 1000)
      const { epochs, validation, test } = summary
      const measured = measuredOf(summary)
      say(`${pc.dim('done  ')} accuracy ${percent(measured?.top1 ?? 0)}, loss ${measured?.loss.toFixed(4)}`)
      return { name, epochs, seconds: await secondsOf(path), validation, test }
    } catch (error) {
      if (signal.aborted || !(error instanceof AlexNetError)) throw error
      say(`${pc.yellow('failed')} ${error.message}`)
      const { code, message } = error
      return { name, failed: { code, message }, epochs: 0, seconds: await secondsOf(path) }
    } finally {
      reporter.stop()
    }
  }

  private async runOf(name: string, reporter: TrainReporter, signal: AbortSignal): Promise<RunSummary> {
    const { flags, engine, chosen } = this.options
    const { folder } = this
    const out = folder.runPath(name)
    const settings = { ...runOptionsOf(flags, chosen), engine, signal }
    const batchSize = (await readRecipe(folder.recipePath(name))).training.batchSize
    const afterwards = async (trained: TrainedRun) => {
      try {
        const onProgress = reporter.onReport.bind(reporter)
        await reportOn(trained, engine.engine, batchSize, flags, { signal, onProgress })
      } catch (error) {
        reporter.onWarning(`no report is written: ${messageOf(error)}`)
      }
    }
    const written = flags.report ? { afterwards } : {}
    if (folder.isBegun(name)) {
      const resume = await RunDirectory.resume(out)
      return runTraining({ ...settings, ...written, recipe: resume.checkpoint.recipe, resume }, reporter)
    }
    // What a crash has left of a run before its first checkpoint.
    if (existsSync(out)) await rm(out, { recursive: true })
    const { recipe, weights, notes = [] } = await trainSettings(chosen, { recipe: folder.recipePath(name) })
    for (const note of notes) reporter.onWarning(note)
    return runTraining({ ...settings, ...written, recipe, weights, out }, reporter)
  }
}

/** Of training alone, over all times that it was gone on with. */
async function secondsOf(run: string): Promise<number> {
  const { timing } = await readHistory(run)
  return timing.reduce((sum, line) => sum + (line.kind === 'epoch' ? line.seconds : 0), 0)
}

/** Tells what came out: as a table, a page, and for programs. */
async function tell(
  folder: SweepFolder,
  results: readonly SweepResult[],
  isInterrupted: boolean,
  flags: SweepFlags,
  say: Say,
): Promise<void> {
  const { sweep, path } = folder
  const runs = ranked(sweep.runs, results)
  const groups = seedGroups(runs)
  if (results.length > 0) {
    const { writeSweepPage } = await import('../../../report/node/write-sweep-page.js')
    await writeSweepPage(path, sweep, results)
  }
  const page = join(path, sweepFiles.page)
  if (flags.json) {
    const answer = {
      sweep: path,
      runs: runs.map(({ name, ...run }) => ({ run: relative('.', folder.runPath(name)) || '.', ...run })),
      ...(groups.length > 0 && { groups }),
      ...(results.length > 0 && { page }),
      ...(isInterrupted && { interrupted: true }),
    }
    result(JSON.stringify(answer))
  } else if (results.length > 0) {
    say('')
    result(sweepTable(sweep, runs, groups))
    result(`Page: ${printable(page)}`)
  }
  if (isInterrupted)
    (flags.json ? say : result)(
      `Saved in ${printable(path)}: ${results.length} of ${sweep.runs.length} are done. Go on with: ${commandName} sweep --resume ${shellWord(path)}`,
    )
}

function listsText({ lists }: Sweep): string {
  return lists.map(({ key, values }) => `${key} ${values.map(valueText).join(', ')}`).join('; ')
}
