import { AlexNetError } from '../../errors.js'
import { allState, type Program } from '../../graph/program.js'
import { float32, type Tensor, type Tensors } from '../../tensor.js'
import { moving, type WorkerClient } from '../../worker-requests.js'
import { checkInputs, checkState, stateVariable } from '../check.js'
import type { Executable, KernelChoices, OperatorTiming } from '../engine.js'
import type { Compiled, EngineRequests } from './messages.js'

/** The side of the calling thread, which stays free while the other computes. */
export class ThreadedExecutable implements Executable {
  readonly choices?: KernelChoices
  private isDisposed = false

  /**
   * @param engine Its name, for messages.
   * @param thread The one that has compiled it.
   */
  constructor(
    private readonly engine: string,
    private readonly program: Program,
    private readonly thread: WorkerClient<EngineRequests>,
    private readonly compiled: Compiled,
  ) {
    this.choices = compiled.choices
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const { executable, outputs } = this.live()
    checkInputs(this.program, inputs)
    for (const [name, memory] of Object.entries(this.compiled.inputs)) copyInto(memory, inputs[name])
    await this.thread.ask('run', executable)
    return Object.fromEntries(
      Object.entries(outputs).map(([name, memory]) => [
        name,
        float32(this.program.outputs[name].shape, new Float32Array(memory).slice()),
      ]),
    )
  }

  async readState(names = Object.keys(allState(this.program))): Promise<Tensors> {
    const { executable } = this.live()
    const shapes = names.map((name) => stateVariable(this.program, name).current.shape)
    const arrays = await this.thread.ask('readState', executable, names)
    return Object.fromEntries(names.map((name, i) => [name, float32(shapes[i], arrays[name])]))
  }

  async writeState(state: Tensors): Promise<void> {
    const { executable } = this.live()
    checkState(this.program, state)
    // One after the other: what crosses threads is copied, and all at once would be the whole state once more.
    for (const [name, { data }] of Object.entries(state))
      await this.thread.ask('writeState', executable, name, crossing(data as Float32Array))
  }

  async timings(): Promise<readonly OperatorTiming[]> {
    return this.thread.ask('timings', this.live().executable)
  }

  /** Where the thread has failed there is nothing left to dispose of, and whoever ran it has heard why. */
  async dispose(): Promise<void> {
    if (this.isDisposed) return
    this.isDisposed = true
    try {
      await this.thread.ask('dispose', this.compiled.executable)
    } catch (error) {
      if (error !== this.thread.broken) throw error
    }
  }

  /** @throws AlexNetError `engine-failed` after `dispose`. */
  private live(): Compiled {
    if (this.isDisposed)
      throw new AlexNetError(
        'engine-failed',
        `${this.engine}: ${this.program.name}: it has been disposed and cannot run`,
      )
    return this.compiled
  }
}

/**
 * Values for another thread: as they are where it sees their memory, else a copy that is handed over. Sent as it is, a part
 * of a larger memory, such as a parameter within a file's bytes, would bring the whole of it along.
 */
function crossing(data: Float32Array): Float32Array {
  if (data.buffer instanceof SharedArrayBuffer) return data
  const copy = data.slice()
  return moving(copy, [copy.buffer])
}

function copyInto(memory: SharedArrayBuffer, { dtype, data }: Tensor): void {
  if (dtype === 'int32') new Int32Array(memory).set(data)
  else if (dtype === 'uint8') new Uint8Array(memory).set(data)
  else new Float32Array(memory).set(data)
}
