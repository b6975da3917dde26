import { withoutAverages } from '../optimizers/average.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import { readCheckpoint } from '../runs/node/checkpoint-files.js'

/** Reads a run's checkpoint; with `--no-average` without the averages, which else stand for the parameters. */
export async function openCheckpoint(run: string, { average }: { readonly average: boolean }): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(run)
  return average ? checkpoint : { ...checkpoint, state: withoutAverages(checkpoint.state) }
}
