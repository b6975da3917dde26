import type { Program } from '../../graph/program.js'
import type { PackedError } from '../../packed-error.js'
import type { OperatorTiming, Precision } from '../engine.js'
import type { SharedMemory } from './native-executable.js'

/** What the engine's thread is asked for. `executable` is the number that `compile` answered with. */
export type Request =
  | {
      readonly kind: 'compile'
      readonly program: Program
      readonly precision: Precision
      readonly threads: number
      readonly profile: boolean
      readonly gradientTreatment?: string
    }
  | { readonly kind: 'run'; readonly executable: number }
  | { readonly kind: 'readState'; readonly executable: number; readonly names: readonly string[] }
  | { readonly kind: 'writeState'; readonly executable: number; readonly name: string; readonly data: Float32Array }
  | { readonly kind: 'timings'; readonly executable: number }
  | { readonly kind: 'dispose'; readonly executable: number }

/** What it answers, by the kind of request. */
export interface Answers {
  readonly compile: { readonly executable: number; readonly inputs: SharedMemory; readonly outputs: SharedMemory }
  readonly run: undefined
  readonly readState: Readonly<Record<string, Float32Array<ArrayBuffer>>>
  readonly writeState: undefined
  readonly timings: readonly OperatorTiming[]
  readonly dispose: undefined
}

export type Task = Request & { readonly id: number }

export type Reply =
  | { readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly id: number; readonly error: PackedError }
