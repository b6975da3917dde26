import { availableParallelism } from 'node:os'
import { workerLoader } from '../../data/node/worker-loader.js'
import type { Precision } from '../../engines/engine.js'
import type { SelectedEngine } from '../../engines/node/select-engine.js'
import { findRate, type RateSearch, type RateSearchOptions } from '../lr-find.js'
import { loaderOptionsOf, type PreparedRun, trainerOptionsOf } from '../prepare-run.js'
import { startingState } from '../starting-state.js'

/** How a search is to be. */
export type SearchOptions = Pick<RateSearchOptions, 'from' | 'to' | 'steps' | 'method' | 'onStep'>

/** What computes a search; what is left out is as for a run. */
interface Computing {
  readonly engine: SelectedEngine
  readonly threads?: number
  readonly precision?: Precision
  readonly workers?: number
  readonly signal?: AbortSignal
}

/** Looks for the rate of a run that is prepared: see `findRate`. */
export async function searchRate(
  prepared: PreparedRun,
  { engine: { engine }, threads = availableParallelism(), precision = 'float32', workers = 1, signal }: Computing,
  search: SearchOptions = {},
): Promise<RateSearch> {
  const loader = workerLoader({ ...loaderOptionsOf(prepared), workers })
  try {
    const computing = { engine, threads, precision, loader }
    const state = await startingState(prepared, computing)
    return await findRate({ ...trainerOptionsOf(prepared), ...search, ...computing, state, signal })
  } finally {
    await loader.close()
  }
}
