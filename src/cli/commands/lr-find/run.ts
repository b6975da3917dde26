import { existsSync } from 'node:fs'
import pc from 'picocolors'
import { AlexNetError } from '../../../errors.js'
import { writeAtomically } from '../../../runs/node/write-atomically.js'
import { type RateSearch, roundedRate } from '../../../training/lr-find.js'
import { findRunRate } from '../../../training/node/find-run-rate.js'
import type { SuggestionMethod } from '../../../training/suggest-rate.js'
import { chooseEngine } from '../../choose-engine.js'
import { chosenDataset } from '../../chosen-dataset.js'
import { describeSearch } from '../../describe-search.js'
import { endingOf } from '../../file-ending.js'
import { interruptible } from '../../interrupt.js'
import { result } from '../../output.js'
import { printable } from '../../printable.js'
import type { TrainFlags } from '../train/flags.js'
import { TrainReporter } from '../train/reporter.js'
import { runOptionsOf } from '../train/run-options.js'
import { trainSettings } from '../train/settings.js'
import { textPlot } from './text-plot.js'

export interface LrFindFlags extends Omit<TrainFlags, 'resume' | 'ui' | 'dryRun' | 'report'> {
  readonly from?: number
  readonly to?: number
  readonly steps?: number
  readonly method: SuggestionMethod
  readonly force?: true
}

/** `alexnet lr-find`: the settings of a training in, the curve of a search and a rate out. */
export async function runLrFind(dataset: string | undefined, flags: LrFindFlags): Promise<void> {
  const { out, force, from, to, steps, method, json = false } = flags
  const drawing = out === undefined ? undefined : { file: out, kind: drawingKind(out, force) }
  const engine = await chooseEngine(flags)
  const chosen = await chosenDataset(dataset, flags.data)
  const {
    recipe,
    weights,
    origin,
    fitted,
    notes = [],
  } = await trainSettings(chosen, { recipe: flags.recipe, set: flags.set })
  const reporter = new TrainReporter({ json, resumeFlags: '', origin, fitted })
  for (const note of notes) reporter.onWarning(note)
  await interruptible(
    () => reporter.say('Stopping.'),
    async (signal) => {
      try {
        const settings = { ...runOptionsOf(flags, chosen), recipe, engine, weights, signal }
        const onStep = reporter.onRateStep.bind(reporter)
        const search = await findRunRate(
          settings,
          { from, to, steps, method, onStep },
          {
            onStart: (start) => reporter.describe(start),
            onDownload: (at) => reporter.onDownload(at),
            onScan: (at) => reporter.onScan(at),
            onWarning: (message) => reporter.onWarning(message),
          },
        )
        reporter.stop()
        if (drawing) await draw(search, drawing)
        if (json) result(JSON.stringify(answerOf(search, out)))
        else print(search, out)
        if (search.rate === undefined) process.exitCode = 1
      } finally {
        reporter.stop()
      }
    },
  )
}

function print(search: RateSearch, out: string | undefined): void {
  const { points, rate } = search
  if (points.length > 0) for (const line of textPlot(points, rate)) result(line)
  for (const line of describeSearch(search)) result(line)
  if (out !== undefined) result(`Drawn in ${printable(out)}`)
  if (rate !== undefined)
    result(`Train with it: --lr ${roundedRate(rate)}${pc.dim(' (or --lr auto, which looks for it first)')}`)
}

/** What `--json` prints. */
function answerOf({ rate, suggestions, method, end, points }: RateSearch, out: string | undefined) {
  return { rate, method, suggestions, end, steps: points.length, points, out }
}

function drawingKind(file: string, force: true | undefined): 'svg' | 'png' {
  const kind = endingOf(file, ['svg', 'png'], 'The curve is drawn as SVG or PNG.')
  if (existsSync(file) && !force)
    throw new AlexNetError('not-writable', `${file} is there already`, 'Choose another --out, or give --force.')
  return kind
}

/** Loaded when it is needed: drawing takes libraries that a search does not. */
async function draw(search: RateSearch, { file, kind }: { file: string; kind: 'svg' | 'png' }): Promise<void> {
  const { rateChart } = await import('../../../report/rate-chart.js')
  const svg = rateChart(search)
  if (kind === 'svg') return writeAtomically(file, [svg])
  const { default: sharp } = await import('sharp')
  await writeAtomically(file, [await sharp(Buffer.from(svg), { density: 192 }).png().toBuffer()])
}
