import type { Program } from '../graph/program.js'
import type { Tensors } from '../tensor.js'

/**
 * What runs programs: a CPU library, a GPU, plain loops. All engines run the same programs and give the same results
 * within the rounding of their arithmetic.
 */
export interface Engine {
  readonly name: string
  /**
   * Prepares a program. Its state starts as zeros: `writeState` before the first step.
   * @throws AlexNetError `engine-unavailable` when the library cannot be loaded, `engine-failed` when it refuses the program.
   */
  compile(program: Program, options?: CompileOptions): Promise<Executable>
}

export interface CompileOptions {
  /** Processor threads; default: the engine's own choice. */
  readonly threads?: number
}

/**
 * A prepared program with its state. The state stays where the engine runs fastest; nobody outside manages its memory.
 * Calls must not overlap: wait for one before the next.
 */
export interface Executable {
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
  /** Frees what the engine holds. The executable cannot be used afterwards. */
  dispose(): Promise<void>
}
