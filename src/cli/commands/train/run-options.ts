import type { Engine } from '../../../engines/engine.js'
import type { ReportOptions, WrittenReport } from '../../../report/node/write-report.js'
import type { RunOptions, TrainedRun } from '../../../training/node/run-training.js'
import type { ChosenDataset } from '../../chosen-dataset.js'
import type { TrainFlags } from './flags.js'

type ComputingFlags = Pick<TrainFlags, 'threads' | 'precision' | 'workers'>

/** What flags say of a training besides its recipe: how its pictures are read, what computes, what is written. */
export function runOptionsOf(
  { cache, strict, valLabels, followLinks, threads, precision, workers, tensorboard, csv }: Omit<TrainFlags, 'report'>,
  { directory }: ChosenDataset,
): Pick<RunOptions, 'threads' | 'precision' | 'workers' | 'tensorboard' | 'csv' | 'dataDirectory' | 'pictures'> {
  return {
    ...{ threads, precision, workers, tensorboard, csv },
    dataDirectory: directory,
    pictures: { cache, strict, validationLabels: valLabels, followLinks },
  }
}

/** Writes the report of a run that has come to its end, while its pictures are there. */
export async function reportOn(
  { run, data, part }: TrainedRun,
  engine: Engine,
  batchSize: number,
  { threads, precision, workers }: ComputingFlags,
  progress: Pick<ReportOptions, 'signal' | 'onProgress'>,
): Promise<WrittenReport> {
  // Loaded when it is needed: drawing curves takes a library that training does not.
  const { writeReport } = await import('../../../report/node/write-report.js')
  return writeReport({
    ...{ run, dataset: data[part]!, part, engine, batchSize, threads, precision, workers },
    ...progress,
  })
}
