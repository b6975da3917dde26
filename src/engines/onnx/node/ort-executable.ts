import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AlexNetError, messageOf } from '../../../errors.js'
import { encodeOnnx } from '../../../formats/onnx/encode.js'
import { allInputs, type Program } from '../../../graph/program.js'
import { float32, sizeOf, type Tensor, type Tensors } from '../../../tensor.js'
import type { OperatorTiming } from '../../engine.js'
import type { GradientTreatment } from '../../gradient-treatment.js'
import { OperatorTimer } from '../../operator-timer.js'
import type { BlockingExecutable, SharedMemory } from '../../thread/blocking-executable.js'
import { updateThreads } from '../../update/node/update-threads.js'
import { WasmUpdate } from '../../update/wasm-update.js'
import type { ConvolveInBlocks } from '../graph-writer.js'
import { HostState } from '../host-state.js'
import { type LoweringOptions, lowerProgram, nextName } from '../lower-program.js'
import { StepValues } from '../step-values.js'
import { gradientOutput, withGradientsAsOutputs } from '../training-part.js'
import type { Ort, OrtSession, OrtValue } from './ort.js'

export interface OrtExecutableOptions {
  readonly threads: number
  /** What adds a profile to the times of operators, where they are to be taken. */
  readonly addProfile?: (profile: string, timer: OperatorTimer) => number
  readonly treatGradients?: GradientTreatment
  /** The processor's convolutions on channels in blocks, where it has them: asked for by programs that learn. */
  readonly convolveInBlocks?: () => ConvolveInBlocks | undefined
}

/** A session with its tensors, all of them over memory that outlives it. */
interface Open extends Held {
  readonly session: OrtSession
  readonly run: () => void
}

/** What is to be given back. */
interface Held {
  readonly session?: OrtSession
  readonly tensors: readonly OrtValue[]
  /** Where the session's profile is written. */
  readonly folder?: string
}

/**
 * A program on the processor, in the thread that made it. What a step reads and writes lies where it is needed next:
 * inputs and outputs in memory that the calling thread sees, parameters and gradients in that of the update. Nothing is
 * copied on the way.
 *
 * A program that never changes its state has the weights as constants of its graph, for which ONNX Runtime chooses
 * faster layouts: its session is made at the first run after they were written.
 */
export class OrtExecutable implements BlockingExecutable {
  readonly inputs: SharedMemory
  readonly outputs: SharedMemory
  private readonly given: Tensors
  private readonly made: Tensors
  private readonly state: HostState
  private readonly update: WasmUpdate | undefined
  /** The states that the library's part advances by itself: statistics of a normalisation. */
  private readonly advancing: Tensors
  private readonly stepValues: StepValues
  private readonly timer = new OperatorTimer()
  private readonly part: Program
  private open: Open | undefined
  private runMilliseconds = 0

  constructor(
    private readonly ort: Ort,
    private readonly program: Program,
    private readonly options: OrtExecutableOptions,
  ) {
    const { threads } = options
    const advances = Object.entries(program.state).filter(([, { next }]) => next !== undefined)
    const learns = program.update !== undefined || advances.length > 0
    this.update = learns ? new WasmUpdate(program, { shared: true, makeRunner: updateThreads(threads) }) : undefined
    this.state = new HostState(program, this.update?.state)
    this.part = withGradientsAsOutputs(program)
    this.stepValues = new StepValues(this.part)
    this.advancing = Object.fromEntries(advances.map(([name, { current }]) => [name, newTensor(current.shape)]))
    this.given = sharedTensors(allInputs(program))
    this.made = sharedTensors(program.outputs)
    this.inputs = memoryOf(this.given)
    this.outputs = memoryOf(this.made)
    // What the library refuses is to be known when the program is compiled.
    try {
      if (learns) this.open = this.openSession()
    } catch (error) {
      this.dispose()
      throw error
    }
  }

  run(): void {
    this.open ??= this.openSession()
    const start = performance.now()
    this.stepValues.with(this.given)
    const computed = performance.now()
    this.guard(this.open.run)
    const ran = performance.now()
    if (this.update) this.advance(this.update)
    if (!this.options.addProfile) return
    this.runMilliseconds += ran - computed
    if (!this.stepValues.isEmpty) this.timer.add('program', 'stepValues', computed - start)
    if (this.update) this.timer.add('update', 'update', performance.now() - ran)
  }

  readState(name: string): Float32Array<ArrayBuffer> {
    return new Float32Array(this.state.shared([name])[name].data)
  }

  writeState(name: string, data: Float32Array): void {
    const { shape } = this.state.shared([name])[name]
    this.state.write({ [name]: float32(shape, data) })
    if (!this.update) this.close()
  }

  /** A profile is complete when its session has ended; the next step opens another. */
  timings(): readonly OperatorTiming[] {
    if (this.options.addProfile) this.close()
    return this.timer.timings()
  }

  dispose(): void {
    try {
      this.close()
    } finally {
      this.update?.dispose()
      this.state.dispose()
    }
  }

  private advance(update: WasmUpdate): void {
    this.options.treatGradients?.(update.gradients)
    update.apply(this.given)
    for (const [name, { data }] of Object.entries(this.advancing)) update.state.get(name)!.set(data as Float32Array)
  }

  private openSession(): Open {
    const { ort, part, stepValues, update } = this
    const { threads, addProfile, convolveInBlocks } = this.options
    const folder = addProfile ? mkdtempSync(join(tmpdir(), 'alexnet-profile-')) : undefined
    const state = this.state.shared(Object.keys(part.state))
    const lowering: LoweringOptions = update
      ? { next: Object.keys(this.advancing), convolveInBlocks: convolveInBlocks?.() }
      : { constants: state }
    const tensors: OrtValue[] = []
    let session: OrtSession | undefined
    const tensorsOver = (given: Tensors) =>
      new Map(
        Object.entries(given).map(([name, tensor]) => {
          const value = ort.tensor(tensor)
          tensors.push(value)
          return [name, value] as const
        }),
      )
    try {
      const model = encodeOnnx(lowerProgram(stepValues.program, lowering))
      session = ort.createSession(model, { threads, profile: folder && join(folder, 'profile') })
      const inputs = tensorsOver({
        ...pick(stepValues.with(this.given), Object.keys(stepValues.program.inputs)),
        ...(update && state),
      })
      const gradients = Object.entries(part.gradients ?? {}).map(
        ([name, { shape }]) => [gradientOutput(name), float32(shape, update!.gradients[name])] as const,
      )
      const next = Object.entries(this.advancing).map(([name, tensor]) => [nextName(name), tensor] as const)
      const outputs = tensorsOver({ ...this.made, ...Object.fromEntries([...gradients, ...next]) })
      return { session, run: ort.binding(session, inputs, outputs), tensors, folder }
    } catch (error) {
      this.release({ session, tensors, folder })
      throw this.failure(error)
    }
  }

  private close(): void {
    const { open } = this
    if (!open) return
    this.open = undefined
    try {
      const { addProfile } = this.options
      if (addProfile) this.guard(() => this.takeProfile(open.session, addProfile))
    } finally {
      this.release(open)
    }
  }

  private takeProfile(session: OrtSession, addProfile: NonNullable<OrtExecutableOptions['addProfile']>): void {
    const inKernels = addProfile(readFileSync(this.ort.endProfiling(session), 'utf8'), this.timer)
    // The calls themselves, and whatever the library does between its kernels.
    if (this.runMilliseconds > 0) this.timer.add('engine', 'overhead', this.runMilliseconds - inKernels)
    this.runMilliseconds = 0
  }

  private release({ session, tensors, folder }: Held): void {
    for (const tensor of tensors) this.ort.releaseTensor(tensor)
    if (session !== undefined) this.ort.releaseSession(session)
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }

  /** Gives the library's errors the program's name. */
  private guard<T>(call: () => T): T {
    try {
      return call()
    } catch (error) {
      throw this.failure(error)
    }
  }

  private failure(cause: unknown): AlexNetError {
    return new AlexNetError('engine-failed', `onnx: ${this.program.name}: ${messageOf(cause)}`, undefined, { cause })
  }
}

type Described = Readonly<Record<string, Pick<Tensor, 'dtype' | 'shape'>>>

/** Tensors in memory that both threads see. */
function sharedTensors(described: Described): Tensors {
  return Object.fromEntries(
    Object.entries(described).map(([name, { dtype, shape }]) => {
      const size = sizeOf(shape)
      const memory = new SharedArrayBuffer(Math.max(1, size * (dtype === 'uint8' ? 1 : 4)))
      if (dtype === 'uint8') return [name, { dtype, shape, data: new Uint8Array(memory, 0, size) }]
      if (dtype === 'int32') return [name, { dtype, shape, data: new Int32Array(memory, 0, size) }]
      return [name, float32(shape, new Float32Array(memory, 0, size))]
    }),
  )
}

function memoryOf(tensors: Tensors): SharedMemory {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [name, data.buffer as unknown as SharedArrayBuffer]),
  )
}

/** In memory of its own: small arrays would lie in JavaScript's heap, where they are moved. */
function newTensor(shape: readonly number[]): Tensor {
  return float32(shape, new Float32Array(new ArrayBuffer(4 * sizeOf(shape))))
}

function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]]))
}
