import type { Program } from '../../graph/program.js'
import type { CompileOptions, KernelChoices, OperatorTiming } from '../engine.js'
import type { SharedMemory } from './blocking-executable.js'

/** A program that the thread has prepared, with the memory in which both threads see its inputs and outputs. */
export interface Compiled {
  readonly executable: number
  readonly inputs: SharedMemory
  readonly outputs: SharedMemory
  readonly choices?: KernelChoices
}

/** What the engine's thread tells by itself: it begins to measure kernels, for so many seconds at most. */
export interface MeasuringEvent {
  readonly seconds: number
}

/** How a program is to be prepared: nothing is left to defaults but what may be nothing. */
export type NativeOptions = Required<Omit<CompileOptions, 'gradientTreatment' | 'choices'>> &
  Pick<CompileOptions, 'gradientTreatment' | 'choices'>

/** What the engine's thread is asked for. `executable` is the number that `compile` answered with. */
export interface EngineRequests {
  compile(program: Program, options: NativeOptions): Compiled
  run(executable: number): void
  readState(executable: number, names: readonly string[]): Readonly<Record<string, Float32Array<ArrayBuffer>>>
  writeState(executable: number, name: string, data: Float32Array): void
  timings(executable: number): readonly OperatorTiming[]
  dispose(executable: number): void
}
