import type { KernelChoices, OperatorTiming } from '../engine.js'

/** Memory that both threads see. */
export type SharedMemory = Readonly<Record<string, SharedArrayBuffer>>

/** A prepared program in the thread that made it: its calls block. */
export interface BlockingExecutable {
  /** Where a step's inputs are written before `run`. */
  readonly inputs: SharedMemory
  /** Where its outputs are after `run`. */
  readonly outputs: SharedMemory
  /** See `Executable.choices`. */
  readonly choices?: KernelChoices
  run(): void
  /** A copy of a state, in row-major order. */
  readState(name: string): Float32Array<ArrayBuffer>
  writeState(name: string, data: Float32Array): void
  timings(): readonly OperatorTiming[]
  dispose(): void
}
