import { SingleBar } from 'cli-progress'
import pc from 'picocolors'
import { classCounts } from '../../../data/dataset.js'
import type { DownloadProgress } from '../../../data/node/download.js'
import type { ScanProgress } from '../../../data/node/pictures/decode-pictures.js'
import { parametersOf } from '../../../models/model.js'
import { summarise } from '../../../models/summary.js'
import type { WrittenReport } from '../../../report/node/write-report.js'
import { describeEnd, earlyEnd } from '../../../runs/end.js'
import { needsTrained } from '../../../runs/folder-defaults.js'
import { adviceForGuessing, isNoBetterThanGuessing } from '../../../runs/guessing.js'
import { describeLagging, laggingClasses } from '../../../runs/lagging-classes.js'
import type { Metrics } from '../../../runs/metrics.js'
import { isFinished } from '../../../runs/progress.js'
import type { RateSearch } from '../../../training/lr-find.js'
import type { RunObserver, RunStart, RunSummary } from '../../../training/node/run-training.js'
import type { EpochEvent, StepEvent } from '../../../training/trainer.js'
import { classAnswer } from '../../class-answer.js'
import { commandName } from '../../command-name.js'
import { describeSearch } from '../../describe-search.js'
import { count, counted, duration, evaluationText, fileSize, large, percent } from '../../format.js'
import { isQuiet, result } from '../../output.js'
import { printable } from '../../printable.js'
import { shellWord } from '../../shell-word.js'
import { warning } from '../../warning.js'
import { aboutTime } from './about-time.js'
import { adviceFor, countsOf, describeChosen } from './describe-chosen.js'
import { describeScan } from './describe-scan.js'
import type { TrainSettings } from './settings.js'

/** Without a terminal, a line is printed at most so often. */
const SECONDS_BETWEEN_LINES = 10

/** What is over in so many seconds needs no word about the time. */
const SOON = 10

interface ReporterOptions extends Pick<TrainSettings, 'origin' | 'fitted'> {
  readonly json: boolean
  /** Flags that belong to the command which goes on with this run. */
  readonly resumeFlags: string
}

/**
 * Tells a person how a training goes: a bar in a terminal, plain lines elsewhere. With `--json` all this goes to the
 * standard error, and the standard output gets one line at the end.
 */
export class TrainReporter implements RunObserver {
  private readonly out: NodeJS.WriteStream
  private readonly interactive: boolean
  private bar: SingleBar | undefined
  private start: RunStart | undefined
  private lastLine = performance.now()
  /** Of the last epoch. */
  private training: Metrics | undefined
  private steps = 0
  private hasSaidTime = false

  constructor(
    private readonly options: ReporterOptions,
    /** Told the folder of the run, when its first lines are printed. */
    private readonly whenStarted?: (run: string) => void,
  ) {
    this.out = options.json ? process.stderr : process.stdout
    this.interactive = this.out.isTTY === true && !isQuiet()
  }

  onStart(start: RunStart): void {
    this.start = start
    this.steps = start.progress.step
    const { recipe, progress } = start
    this.describe(start)
    this.say(`${pc.dim('run   ')} ${printable(start.run)}`)
    if (recipe.claim) this.say(`${pc.dim('claim ')} ${recipe.claim}`)
    const ended = earlyEnd(progress)
    if (ended)
      this.say(
        `${pc.dim('resume')} ended after ${counted(progress.epoch, 'epoch')}: ${describeEnd(ended, recipe, progress)}: nothing to do; ` +
          (ended === 'patience'
            ? 'a longer --patience goes on, or none (--set training.patience=)'
            : 'another --schedule goes on'),
      )
    else if (isFinished(progress, recipe.training.epochs))
      this.say(
        `${pc.dim('resume')} complete after ${progress.epoch} epochs: nothing to do; --epochs goes on for longer`,
      )
    else if (progress.step > 0)
      this.say(
        `${pc.dim('resume')} epoch ${progress.epoch + 1}, batch ${progress.batch + 1}, after ${count(progress.step)} steps`,
      )
    this.whenStarted?.(start.run)
  }

  /** Says what is trained, and what computes it. */
  describe(start: Omit<RunStart, 'run'>): void {
    const { origin, fitted } = this.options
    const { model, data, recipe, threads, precision, progress } = start
    if (origin !== undefined) this.say(`${pc.dim('recipe')} ${origin}`)
    if (fitted) this.say(`${pc.dim('chosen')} ${describeChosen(fitted, start)}`)
    if (fitted && recipe.weights === undefined && needsTrained(fitted.facts))
      this.say(`${pc.dim('advice')} ${adviceFor(fitted)}`)
    const { parameters, multiplyAdds } = summarise(model)
    const [, height, width] = model.inputShape
    const held = (['validation', 'test'] as const).flatMap((part) => {
      const dataset = data[part]
      return dataset ? [`${count(dataset.labels.length)} for ${part === 'test' ? 'the test' : part}`] : []
    })
    this.say(
      `${pc.dim('model ')} ${model.name}: ${count(parameters)} parameters, ${large(multiplyAdds)} multiply-adds a picture`,
    )
    this.say(
      `${pc.dim('data  ')} ${[`${printable(start.scan?.path ?? recipe.data.name)}: ${count(data.train.labels.length)} pictures`, ...held].join(', ')}, ${data.train.classes.length} classes, seen as ${height}×${width}`,
    )
    if (start.scan) for (const line of describeScan(start.scan, data, recipe)) this.say(line)
    if (recipe.weights !== undefined && progress.step === 0)
      this.say(
        `${pc.dim('from  ')} ${recipe.weights}${start.head ? `: ${start.head} begins anew for these ${data.train.classes.length} classes` : ': its classes are the same, and it is taken over as a whole'}`,
      )
    const frozen = parametersOf(model).filter(({ rate }) => rate === 0)
    if (frozen.length > 0) this.say(`${pc.dim('frozen')} ${frozen.map(({ name }) => name).join(', ')}`)
    const { epochs, batchSize, accumulate = 1 } = recipe.training
    const batches = Math.floor(data.train.labels.length / batchSize)
    this.say(
      `${pc.dim('steps ')} ${count(epochs * batches)}: ${counted(epochs, 'epoch')} of ${counted(batches, 'batch', 'batches')} of ${counted(batchSize, 'picture')}${accumulate > 1 ? `, ${accumulate} of which make an update` : ''}`,
    )
    if (recipe.data.sampling === 'balanced') {
      const { classes, labels } = data.train
      this.say(
        `${pc.dim('drawn ')} every class equally often: ${count(labels.length / classes.length)} pictures of each an epoch`,
      )
    }
    this.say(`${pc.dim('engine')} ${start.engine}: ${start.engineReason}, ${counted(threads, 'thread')}, ${precision}`)
  }

  onStep(event: StepEvent, imagesPerSecond: number, secondsLeft: number | undefined): void {
    this.sayTime(secondsLeft)
    const { batchesPerEpoch, progress, training } = event
    const { epochs } = this.start!.recipe.training
    const epoch = progress.epoch + 1
    const facts = {
      epoch: `${epoch}/${epochs}`,
      loss: training.loss.toFixed(4),
      top1: percent(training.top1),
      speed: count(imagesPerSecond),
      left: progress.batch === batchesPerEpoch ? 'evaluating' : `${duration(secondsLeft ?? Number.NaN)} left`,
    }
    if (this.interactive) {
      if (!this.bar) {
        this.bar = new SingleBar({
          format: `epoch {epoch} {bar} {percentage} %  loss {loss}  accuracy {top1}  {speed}/s  {left}`,
          barCompleteChar: '━',
          barIncompleteChar: ' ',
          // What is beside the bar takes 68 columns.
          barsize: Math.max(6, Math.min(30, (this.out.columns ?? 80) - 68)),
          hideCursor: true,
          clearOnComplete: true,
          stream: this.out,
          gracefulExit: false,
          linewrap: false,
        })
        this.bar.start(batchesPerEpoch, progress.batch, facts)
      }
      this.bar.update(progress.batch, facts)
      return
    }
    const now = performance.now()
    if ((now - this.lastLine) / 1000 < SECONDS_BETWEEN_LINES) return
    this.lastLine = now
    this.say(
      `epoch ${facts.epoch}, batch ${progress.batch}/${batchesPerEpoch}: loss ${facts.loss}, accuracy ${facts.top1}, ${facts.speed} images/s, ${facts.left}`,
    )
  }

  /** Says once, as soon as it is known, how long it will take. */
  private sayTime(secondsLeft: number | undefined): void {
    if (this.hasSaidTime || secondsLeft === undefined) return
    this.hasSaidTime = true
    if (secondsLeft < SOON) return
    this.say(`${pc.dim('time  ')} ${aboutTime(this.start!.recipe, secondsLeft)} left on this machine`)
  }

  onEpoch({ progress, training, evaluation, rate, isBest }: EpochEvent, imagesPerSecond: number): void {
    this.stop()
    this.lastLine = performance.now()
    this.training = training
    this.steps = progress.step
    const { epochs } = this.start!.recipe.training
    const part = this.start!.data.validation ? 'validation' : 'test'
    this.say(
      `epoch ${String(progress.epoch).padStart(String(epochs).length)}/${epochs}` +
        `  loss ${training.loss.toFixed(4)}  accuracy ${percent(training.top1)}` +
        `  ${part} loss ${evaluation.loss.toFixed(4)}  accuracy ${percent(evaluation.top1)}` +
        `  rate ${Number(rate.toPrecision(3))}  ${count(imagesPerSecond)} images/s${isBest ? pc.green('  best') : ''}`,
    )
    const ended = earlyEnd(progress)
    if (ended) this.say(`${pc.dim('ended ')} ${describeEnd(ended, this.start!.recipe, progress)}`)
  }

  onWarning(message: string): void {
    this.say(warning(message))
  }

  onDownload({ received, total }: DownloadProgress): void {
    const all = total ? ` of ${fileSize(total)}` : ''
    this.sayNow(`downloading: ${fileSize(received)}${all}`, received === total)
  }

  onScan({ done, total }: ScanProgress): void {
    this.sayNow(`reading the pictures: ${count(done)} of ${count(total)}`, done === total)
  }

  onRateStep(_: unknown, step: number): void {
    this.sayNow(`looking for a learning rate: step ${step}`, false)
  }

  onRate(search: RateSearch): void {
    if (this.interactive) this.out.write('\n')
    for (const line of describeSearch(search)) this.say(line)
  }

  onReport({ done, total }: ScanProgress): void {
    this.sayNow(
      `looking for mistakes, for the report: ${count(done)} of ${count(total)}`,
      this.interactive && done === total,
    )
  }

  /** Replaces the line that says how far something has come; without a terminal it is printed now and then. */
  private sayNow(line: string, isLast: boolean): void {
    const now = performance.now()
    if ((now - this.lastLine) / 1000 < (this.interactive ? 0.1 : SECONDS_BETWEEN_LINES) && !isLast) return
    this.lastLine = now
    if (this.interactive) this.out.write(`\r${line}${isLast ? '\n' : ''}`)
    else this.say(line)
  }

  /** Prints a line, above the bar if there is one; not with `--quiet`. */
  say(line: string): void {
    if (!isQuiet()) this.sayResult(line)
  }

  private sayResult(line: string): void {
    this.stop()
    this.out.write(`${line}\n`)
  }

  /** Says what happens now that the run has been interrupted. */
  interrupted(): void {
    this.say(this.start ? 'Finishing this step, then saving. Once more Ctrl-C quits at once.' : 'Stopping.')
  }

  /** Takes the bar away. */
  stop(): void {
    this.bar?.stop()
    this.bar = undefined
  }

  /** @param answer What is printed with `--json`. */
  finishDryRun(lines: readonly string[], answer: object): void {
    if (this.options.json) result(JSON.stringify({ ...answer, ...this.fitted() }))
    else for (const line of lines) this.sayResult(line)
  }

  finish(summary: RunSummary, report?: WrittenReport): void {
    const { run, test, validation, bestEpoch, guessing, interrupted, imagesPerSecond, waitingShare, classes } = summary
    this.stop()
    if (interrupted)
      this.sayResult(
        `Saved in ${printable(run)}. Go on with: ${[commandName, 'train --resume', shellWord(run), this.options.resumeFlags].join(' ').trim()}`,
      )
    else {
      if (bestEpoch !== undefined)
        this.say(`best   the network as it was after epoch ${bestEpoch} of ${summary.epochs}`)
      const [part, metrics] = test ? ['test  ', test] : ['validation', validation!]
      this.sayResult(`${part} ${evaluationText(metrics, classes!)}`)
      if (guessing !== undefined && isNoBetterThanGuessing(metrics, guessing))
        this.onWarning(
          `no better than guessing, which gives ${percent(guessing)}: ${adviceForGuessing(this.steps, this.training, guessing)}`,
        )
      const { data, recipe } = this.start!
      const lagging = laggingClasses(classes!, classCounts(data.train))
      if (lagging.length > 0) this.onWarning(printable(describeLagging(lagging, data.train.classes, recipe)))
      // Nothing was trained when a complete run was tested again.
      if (imagesPerSecond > 0)
        this.say(
          `speed  ${count(imagesPerSecond)} images/s; the engine has waited for pictures ${percent(waitingShare)} of the time` +
            (waitingShare > 0.05 ? ': --workers 2 or --cache memory may help' : ''),
        )
      if (report) this.sayResult(`Report: ${printable(report.file)} (${fileSize(report.bytes)})`)
      this.sayResult(`Saved in ${printable(run)}. Try it: ${commandName} predict ${shellWord(run)} picture.jpg`)
    }
    if (this.options.json)
      process.stdout.write(
        `${JSON.stringify({
          ...summary,
          ...(classes && classAnswer(classes, this.start!.data.train.classes)),
          interrupted: interrupted || undefined,
          report: report?.file,
          ...this.fitted(),
        })}\n`,
      )
  }

  /** What `--json` says of a folder that the settings follow. */
  private fitted() {
    const { fitted } = this.options
    return fitted && { folder: countsOf(fitted.facts), chosen: fitted.chosen }
  }
}
