import { availableParallelism } from 'node:os'
import { AlexNetError } from '../../errors.js'
import { allState, type Program } from '../../graph/program.js'
import { float32, type Tensor, type Tensors } from '../../tensor.js'
import { checkInputs, checkState, stateVariable } from '../check.js'
import type { Engine, Executable, OperatorTiming } from '../engine.js'
import { engineKind, expectPrecision } from '../registry.js'
import { type EngineThread, engineThread } from './engine-thread.js'
import type { Compiled } from './messages.js'

export interface OneDnnEngineOptions {
  /** Whether the library computes in bfloat16 on this processor. */
  readonly computesBfloat16: boolean
  /** Where the thread's compiled file lies, for those who bundle this library into another file. */
  readonly workerFile?: URL
}

/**
 * Runs programs through oneDNN, the library of processor kernels that PyTorch itself calls, in a thread of its own.
 * Layouts and memory are chosen for the whole program; weights and activations stay in them from step to step.
 */
export function oneDnnEngine({
  computesBfloat16,
  workerFile = new URL('./onednn-worker.js', import.meta.url),
}: OneDnnEngineOptions): Engine {
  const thread = engineThread(workerFile)
  const engine: Engine = {
    name: 'onednn',
    precisions: engineKind('onednn', 'cpu').precisions.filter((each) => each !== 'bfloat16' || computesBfloat16),
    async compile(program, options = {}) {
      const { threads = availableParallelism(), precision = 'float32', profile = false, gradientTreatment } = options
      expectPrecision(engine, precision)
      const compiled = await thread.ask('compile', program, { precision, threads, profile, gradientTreatment })
      return new OneDnnExecutable(program, thread, compiled)
    },
  }
  return engine
}

class OneDnnExecutable implements Executable {
  private isDisposed = false

  constructor(
    private readonly program: Program,
    private readonly thread: EngineThread,
    private readonly compiled: Compiled,
  ) {}

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
      await this.thread.ask('writeState', executable, name, data as Float32Array)
  }

  async timings(): Promise<readonly OperatorTiming[]> {
    return this.thread.ask('timings', this.live().executable)
  }

  async dispose(): Promise<void> {
    if (this.isDisposed) return
    this.isDisposed = true
    await this.thread.ask('dispose', this.compiled.executable)
  }

  /** @throws AlexNetError `engine-failed` after `dispose`. */
  private live(): Compiled {
    if (this.isDisposed)
      throw new AlexNetError('engine-failed', `onednn: ${this.program.name}: it has been disposed and cannot run`)
    return this.compiled
  }
}

function copyInto(memory: SharedArrayBuffer, { dtype, data }: Tensor): void {
  if (dtype === 'int32') new Int32Array(memory).set(data)
  else if (dtype === 'uint8') new Uint8Array(memory).set(data)
  else new Float32Array(memory).set(data)
}
