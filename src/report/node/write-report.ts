import { basename, join, resolve } from 'node:path'
import type { BatchLoader } from '../../data/batch-loader.js'
import type { Dataset } from '../../data/dataset.js'
import { openPictures } from '../../data/node/open-pictures.js'
import type { PartName } from '../../data/node/pictures/picture-list.js'
import type { Engine, Precision } from '../../engines/engine.js'
import { selectEngine } from '../../engines/node/select-engine.js'
import { type ClassifiedBatch, classifier } from '../../inference/classifier.js'
import { filterPictures } from '../../inference/filter-pictures.js'
import { filterSheet } from '../../inference/filter-sheet.js'
import { evaluationLoader } from '../../inference/node/evaluation-loader.js'
import type { Mistake } from '../../inference/worst-mistakes.js'
import { type Model, parametersOf } from '../../models/model.js'
import { metricsLineSchema, timingLineSchema } from '../../runs/lines.js'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { readLines } from '../../runs/node/line-files.js'
import { runFiles } from '../../runs/node/run-files.js'
import { readScan, runFolder } from '../../runs/node/scan-file.js'
import { writeAtomically } from '../../runs/node/write-atomically.js'
import { formatRecipe } from '../../runs/recipe-yaml.js'
import type { Tensors } from '../../tensor.js'
import { assess } from '../assess.js'
import type { ShownFilters, ShownMistake } from '../content.js'
import { historyOf } from '../history.js'
import { page } from '../page.js'
import { workOf } from '../work.js'
import { drawing, thumbnail } from './embed-picture.js'

export interface ReportOptions {
  /** The folder of the run, or a checkpoint in it. */
  readonly run: string
  /** The pictures to classify, with the network's classes: what `loadEvaluated` gives. */
  readonly dataset: Dataset
  /** Which part of the data they are. */
  readonly part: PartName
  /** Default: the fastest that can run here. */
  readonly engine?: Engine
  readonly threads?: number
  readonly precision?: Precision
  /** Pictures at a time; default 128. */
  readonly batchSize?: number
  /** Threads that prepare batches; default 1. */
  readonly workers?: number
  /** The file to write; default: `report.html` in the run's folder. */
  readonly out?: string
  readonly signal?: AbortSignal
  /** Tells how many pictures have been classified. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface WrittenReport {
  readonly file: string
  readonly bytes: number
}

/** Mistakes that are shown: a page of them, at some kilobytes each. */
const MOST_MISTAKES = 24

/**
 * Classifies pictures with a run's network and writes the report of the run: one HTML file that needs nothing else.
 *
 * It shows the curves, the most confident mistakes with their pictures, which classes are confused, the accuracy of each
 * class, the first layer's filters, the network, the data, all settings, and what computed it. The parameters are those
 * that `readCheckpoint` takes.
 *
 * @throws AlexNetError `not-writable`, and the errors of reading the run; the signal's reason when it is aborted.
 * @example
 * const checkpoint = await readCheckpoint(run)
 * const { file } = await writeReport({ run, ...(await loadEvaluated(run, checkpoint)) })
 */
export async function writeReport(options: ReportOptions): Promise<WrittenReport> {
  const { run, dataset, part, threads, precision, batchSize = 128, workers = 1, signal } = options
  const { engine = (await selectEngine()).engine } = options
  const folder = runFolder(run)
  const { state, ...checkpoint } = await readCheckpoint(run)
  const { model, preprocessing } = checkpoint
  const loader = evaluationLoader({ dataset, preprocessing, batchSize, workers })
  const net = await classifier(engine, model, { batchSize, threads, precision })
  const assessed = async () => {
    await net.load(state)
    const batches = net.classifyAll(loader, signal)
    return assess(counted(batches, dataset.labels.length, options.onProgress), model.classes, MOST_MISTAKES)
  }
  const assessment = await assessed().finally(() => closeAll(net, loader))
  const [metrics, timing, scan] = await Promise.all([
    readLines(join(folder, runFiles.metrics), metricsLineSchema),
    readLines(join(folder, runFiles.timing), timingLineSchema),
    readScan(run),
  ])
  const text = page({
    run: basename(resolve(folder)),
    checkpoint,
    recipe: formatRecipe(checkpoint.recipe),
    data: dataset.name.replace(/ (train|validation|test)$/, ''),
    part,
    assessment,
    mistakes: await withPictures(dataset, assessment.mistakes),
    filters: await firstFilters(model, state),
    history: historyOf(metrics),
    work: workOf(timing),
    scan,
  })
  const file = options.out ?? join(folder, runFiles.report)
  await writeAtomically(file, [text])
  return { file, bytes: Buffer.byteLength(text) }
}

async function closeAll(net: { dispose(): Promise<void> }, loader: BatchLoader): Promise<void> {
  await net.dispose()
  await loader.close()
}

async function* counted(
  batches: AsyncIterable<ClassifiedBatch>,
  total: number,
  onProgress: ReportOptions['onProgress'],
): AsyncGenerator<ClassifiedBatch> {
  let done = 0
  for await (const batch of batches) {
    yield batch
    done += batch.batch.labels.data.length
    onProgress?.({ done, total })
  }
}

async function withPictures(dataset: Dataset, mistakes: readonly Mistake[]): Promise<ShownMistake[]> {
  const { read, close } = openPictures(dataset)
  const { names } = dataset
  try {
    return await Promise.all(
      mistakes.map(async (mistake) => ({
        ...mistake,
        picture: await thumbnail(await read(mistake.index)),
        ...(names && { name: names[mistake.index] }),
      })),
    )
  } finally {
    close()
  }
}

/** Undefined where the first layer is no convolution of three colours. */
async function firstFilters(model: Model, state: Tensors): Promise<ShownFilters | undefined> {
  const pictures = filterPictures(state[parametersOf(model)[0]?.name ?? ''])
  if (!pictures) return undefined
  const [count, , height, width] = pictures.shape
  return { picture: await drawing(filterSheet(pictures)), count, kernel: [height, width] }
}
