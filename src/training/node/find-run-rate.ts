import { availableParallelism } from 'node:os'
import { expectPrecision } from '../../engines/registry.js'
import type { RateSearch } from '../lr-find.js'
import { prepare, type RunObserver, type RunStart, type Settings, trainingEngine } from './run-training.js'
import { type SearchOptions, searchRate } from './search-rate.js'

/**
 * Looks for the rate that a training might have, as `alexnet lr-find` does: reads the data, makes the network, and does
 * the steps of the search. Nothing is written.
 *
 * @param observer Is told what it begins with, without the folder of a run. Its methods are called as functions.
 * @throws AlexNetError as `runTraining` and `findRate` do.
 */
export async function findRunRate(
  settings: Settings,
  search: SearchOptions = {},
  observer: Omit<RunObserver, 'onStart'> & { onStart?(start: Omit<RunStart, 'run'>): void } = {},
): Promise<RateSearch> {
  const { engine, precision = 'float32', threads = availableParallelism() } = settings
  expectPrecision(engine.engine, precision)
  const { onStart, ...told } = observer
  const prepared = await prepare(settings, told)
  const training = await trainingEngine(engine, prepared, { threads, precision })
  onStart?.({ ...prepared, engine: training.engine.name, engineReason: training.reason, threads, precision })
  return searchRate(prepared, settings, search)
}
