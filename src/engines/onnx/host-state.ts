import { AlexNetError } from '../../errors.js'
import { allState, type Program } from '../../graph/program.js'
import { float32, sizeOf, type Tensor, type Tensors } from '../../tensor.js'
import { checkState, stateVariable } from '../check.js'

/** A program's state in arrays of JavaScript: zeros at first. */
export class HostState {
  private readonly arrays: Map<string, Float32Array>

  /** @param arrays Where it lies, by name; whoever computes the next values writes into them. Default: in new arrays. */
  constructor(
    private readonly program: Program,
    arrays?: ReadonlyMap<string, Float32Array>,
  ) {
    this.arrays = new Map(
      Object.entries(allState(program)).map(([name, { current }]) => [
        name,
        arrays?.get(name) ?? new Float32Array(sizeOf(current.shape)),
      ]),
    )
  }

  /** Copies of all of it, or of the names given. */
  read(names: readonly string[] = Object.keys(allState(this.program))): Tensors {
    return Object.fromEntries(names.map((name) => [name, this.tensor(name, this.arrayOf(name).slice())]))
  }

  write(state: Tensors): void {
    checkState(this.program, state)
    for (const [name, tensor] of Object.entries(state)) this.arrayOf(name).set(tensor.data)
  }

  /** The state without a copy, for the library to read: all of it, or the names given. */
  shared(names: readonly string[] = [...this.arrays.keys()]): Tensors {
    return Object.fromEntries(names.map((name) => [name, this.tensor(name, this.arrayOf(name))]))
  }

  dispose(): void {
    this.arrays.clear()
  }

  private tensor(name: string, data: Float32Array): Tensor {
    return float32(stateVariable(this.program, name).current.shape, data)
  }

  private arrayOf(name: string): Float32Array {
    stateVariable(this.program, name)
    const data = this.arrays.get(name)
    if (!data) throw new AlexNetError('engine-failed', `onnx: ${this.program.name}: its state has been disposed`)
    return data
  }
}
