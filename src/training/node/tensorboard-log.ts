import { encodePng } from '../../data/node/encode-png.js'
import { HYPERPARAMETERS_TAG, type SummaryValue } from '../../formats/tensorboard/event.js'
import { histogramOf } from '../../formats/tensorboard/histogram.js'
import { filterPictures } from '../../inference/filter-pictures.js'
import { filterSheet } from '../../inference/filter-sheet.js'
import { type Model, parametersOf } from '../../models/model.js'
import { hyperparametersOf } from '../../runs/hyperparameters.js'
import { type EpochLine, type EpochTiming, epochTimings, type MetricsLine, type StepsLine } from '../../runs/lines.js'
import { EventFolder } from '../../runs/node/event-folder.js'
import type { RunHistory } from '../../runs/node/read-history.js'
import { isFinished, type Progress } from '../../runs/progress.js'
import type { Recipe } from '../../runs/recipe.js'
import { formatRecipe } from '../../runs/recipe-yaml.js'
import { RunScalars, type Scalars } from '../../runs/run-scalars.js'
import { stepTimes } from '../../runs/step-times.js'
import type { Tensors } from '../../tensor.js'
import { BackgroundWrites } from './background-writes.js'
import type { RunLog } from './run-log.js'

export interface TensorBoardLogOptions {
  /** Where the event files lie; the folder is made. */
  readonly folder: string
  readonly recipe: Recipe
  readonly model: Model
  /** Where the run goes on. */
  readonly progress: Progress
  /** What it has told up to there. */
  readonly history: RunHistory
  readonly onWarning: (message: string) => void
}

/** Histograms and filters are written after each epoch, but take at most this share of the time. */
const MOST_SHARE = 0.01

/**
 * Writes a run for TensorBoard: curves, after each epoch histograms of all parameters and the filters of the first layer,
 * and the settings. Curves are made of the lines of the run's own files, so what is missing is written when the run goes
 * on, be it that a crash has lost it or that nobody asked for it before.
 */
export class TensorBoardLog implements RunLog {
  private readonly writes: BackgroundWrites
  private readonly scalars = new RunScalars()
  private events: EventFolder | undefined
  /** When the next look at the parameters may be taken. */
  private nextLook = Number.NEGATIVE_INFINITY

  constructor(private readonly options: TensorBoardLogOptions) {
    const { folder, history, onWarning } = options
    this.writes = new BackgroundWrites((reason) =>
      onWarning(`${folder} gets no more events for TensorBoard: ${reason}`),
    )
    const times = epochTimings(history.timing)
    const past = history.metrics.map((line) => ({ line, told: this.scalarsOf(line, times) }))
    this.writes.add(() => this.begin(past))
  }

  onSteps(line: StepsLine): void {
    this.write(this.scalars.steps(line))
  }

  onEpoch(line: EpochLine, timing: EpochTiming, state: Tensors): void {
    this.write(this.scalars.epoch(line, timing))
    const start = performance.now()
    if (start < this.nextLook && line.epoch < this.options.recipe.training.epochs) return
    this.look(line.step, state)
    const end = performance.now()
    this.nextLook = end + (end - start) / MOST_SHARE
  }

  /** Writes how the parameters are distributed, and the filters of the first layer. */
  look(step: number, state: Tensors): void {
    const parameters = parametersOf(this.options.model).filter(({ name }) => state[name] !== undefined)
    const values: SummaryValue[] = parameters.map(({ name }) => ({
      tag: `parameters/${name}`,
      histogram: histogramOf(state[name].data),
    }))
    const filters = filterPictures(state[parameters[0]?.name ?? ''])
    const sheet = filters && filterSheet(filters)
    this.writes.add(async () => {
      if (sheet) {
        const [, height, width] = sheet.shape
        values.push({ tag: `filters/${parameters[0].name}`, image: { width, height, png: await encodePng(sheet) } })
      }
      await this.events?.append(step, values)
    })
  }

  close(): Promise<void> {
    return this.writes.done()
  }

  private write({ step, values }: Scalars, at = Date.now()): void {
    this.writes.add(async () => this.events?.append(step, summaryOf(values), at))
  }

  /** Opens the folder, and writes what it lacks of the past, and the settings. */
  private async begin(past: readonly { readonly line: MetricsLine; readonly told: Scalars }[]): Promise<void> {
    const { folder, recipe, progress, history } = this.options
    this.events = await EventFolder.open(folder, progress)
    const { told } = this.events
    const timeOf = stepTimes(history.timing)
    for (const { line, told: scalars } of past) {
      const isTold = line.kind === 'epoch' ? line.epoch <= told.epoch : line.step <= told.step
      if (!isTold) await this.events.append(line.step, summaryOf(scalars.values), timeOf(line.step))
    }
    // A run that is complete, and has told so, says nothing new.
    if (told.step > 0 && isFinished(progress, recipe.training.epochs)) return
    await this.events.append(progress.step, [
      // Four blanks make it code, in which nothing is taken for Markdown.
      { tag: 'recipe', text: formatRecipe(recipe).replace(/^/gm, '    ') },
      {
        tag: HYPERPARAMETERS_TAG,
        hyperparameters: { values: hyperparametersOf(recipe), started: Date.now() / 1000 },
      },
    ])
  }

  private scalarsOf(line: MetricsLine, times: ReadonlyMap<number, EpochTiming>): Scalars {
    return line.kind === 'epoch' ? this.scalars.epoch(line, times.get(line.epoch)) : this.scalars.steps(line)
  }
}

function summaryOf(values: Scalars['values']): SummaryValue[] {
  return Object.entries(values).map(([tag, scalar]) => ({ tag, scalar }))
}
