import type { BatchLoader } from '../data/batch-loader.js'
import type { CompileOptions, Engine } from '../engines/engine.js'
import type { Tensors } from '../tensor.js'
import type { PreparedRun } from './prepare-run.js'
import { withUnitVariance } from './unit-variance.js'

/** What a run's first step starts from: what was drawn or taken over, measured on the first batch where the run asks for it. */
export async function startingState(
  { measuresStart, model, state }: PreparedRun,
  { loader, ...computing }: { loader: BatchLoader; engine: Engine } & Pick<CompileOptions, 'threads' | 'precision'>,
): Promise<Tensors> {
  if (!measuresStart) return state
  for await (const batch of loader.train(0)) {
    const started = await withUnitVariance({ ...computing, model, state, images: batch.images })
    loader.release(batch)
    return started
  }
  return state
}
