import type { EpochLine, EpochTiming, StepsLine } from '../../runs/lines.js'
import type { Tensors } from '../../tensor.js'

/** Something that is written of a run for other programs, beside its own files. It is told once they are written. */
export interface RunLog {
  onSteps(line: StepsLine): void
  /** @param state Parameters, and what the optimizer keeps, after the epoch. */
  onEpoch(line: EpochLine, timing: EpochTiming, state: Tensors): void
  /** Waits until all is written. */
  close(): Promise<void>
}
