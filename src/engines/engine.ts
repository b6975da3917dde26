import type { Program } from '../graph/program.js'
import type { Tensors } from '../tensor.js'

/**
 * What runs programs: a CPU library, a GPU, plain loops. All engines run the same programs and give the same results
 * within the rounding of their arithmetic.
 */
export interface Engine {
  readonly name: string
  /** What it computes in on this machine; `compile` refuses others. */
  readonly precisions: readonly Precision[]
  /**
   * Prepares a program. Its state starts as zeros: `writeState` before the first step.
   * @throws AlexNetError `invalid-program` for an operator that it does not know, `invalid-setting` for a precision that
   *   it does not have, `engine-unavailable` when the library cannot be loaded, `engine-failed` when it refuses the program.
   */
  compile(program: Program, options?: CompileOptions): Promise<Executable>
}

/** What activations and products are computed in. Parameters, the loss and the update are float32 in any case. */
export const precisions = ['float32', 'bfloat16'] as const
export type Precision = (typeof precisions)[number]

/** Which of several ways an engine takes to compute something: plain data, in words of its own. */
export type KernelChoices = Readonly<Record<string, string>>

export interface CompileOptions {
  /** Processor threads; default: the engine's own choice. */
  readonly threads?: number
  /** Default: float32. An engine that knows no other refuses it with `invalid-setting`. */
  readonly precision?: Precision
  /** Take the time of each operator, for `timings`. */
  readonly profile?: boolean
  /**
   * What an earlier executable has chosen (`Executable.choices`). It stays so wherever that can be done here: the same
   * choices give the same numbers. Engines that choose nothing ignore it.
   */
  readonly choices?: KernelChoices
  /**
   * The address of a module (`file:///…`) whose export `treatGradients` (`GradientTreatment`) is called in every step of
   * a program that learns, when all gradients are known and no parameter has changed: to sum them over machines, say. It
   * works in place, in the thread that computes.
   */
  readonly gradientTreatment?: string
}

/** What an operator of one layer has cost. */
export interface OperatorTiming {
  /** The layer that asked for it: `features.0`, `update`. */
  readonly layer: string
  /** An operator of the language, or work of the engine's own, such as `reorder`. */
  readonly operator: string
  readonly calls: number
  readonly milliseconds: number
}

/**
 * A prepared program with its state. The state stays where the engine runs fastest; nobody outside manages its memory.
 * Calls must not overlap: wait for one before the next.
 */
export interface Executable {
  /** What the engine has chosen by measuring, or would have; undefined where it never chooses. */
  readonly choices?: KernelChoices
  /**
   * One step: reads the inputs, advances the state, returns the outputs.
   * @throws AlexNetError `invalid-shape` when an input is missing, unknown or of the wrong type.
   */
  run(inputs: Tensors): Promise<Tensors>
  /** Copies of the state (all of it, or the names given): float32, row-major, in torchvision's layout. */
  readState(names?: readonly string[]): Promise<Tensors>
  /**
   * Replaces the state (all of it, or the names given) by copies of these tensors.
   * @throws AlexNetError `incompatible-state` when a name is unknown or a shape differs.
   */
  writeState(state: Tensors): Promise<void>
  /** What each operator has cost since the program was compiled; empty unless it was compiled with `profile`. */
  timings(): Promise<readonly OperatorTiming[]>
  /** Frees what the engine holds. The executable cannot be used afterwards. */
  dispose(): Promise<void>
}
