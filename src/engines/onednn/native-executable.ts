import koffi from '#koffi'
import { AlexNetError } from '../../errors.js'
import type { KernelChoices, OperatorTiming } from '../engine.js'
import { OperatorTimer } from '../operator-timer.js'
import { planMemory, spansOf } from '../planning/memory-plan.js'
import type { BlockingExecutable, SharedMemory } from '../thread/blocking-executable.js'
import type { LoweredProgram } from './lower-program.js'
import { Arena } from './native/arena.js'
import type { OneDnn } from './native/onednn.js'
import type { MemoryDesc, PrimitiveDesc } from './native/types.js'
import { accessesOf, type Buffer, type HostArray, nameOf, type Step, type Value } from './plan.js'

interface BoundStep {
  readonly step: Step
  readonly run: () => void
}

/**
 * A lowered program with its memory, ready to run. It belongs to the thread that made it; its calls block.
 *
 * All memory is laid out here, once: a step allocates nothing.
 */
export class NativeExecutable implements BlockingExecutable {
  readonly inputs: SharedMemory
  readonly outputs: SharedMemory
  readonly choices?: KernelChoices
  private readonly preparation: readonly BoundStep[]
  private readonly steps: readonly BoundStep[]
  private readonly places = new Map<Buffer, { address: bigint; array: (value: Value) => HostArray }>()
  private readonly primitives = new Map<PrimitiveDesc, bigint>()
  private readonly memories = new Map<MemoryDesc, Map<bigint, bigint>>()
  private readonly timer = new OperatorTimer()
  private isPrepared = false

  constructor(
    private readonly dnn: OneDnn,
    private readonly lowered: LoweredProgram,
    private readonly options: { readonly threads: number; readonly profile: boolean },
  ) {
    const { plan, choices } = lowered
    this.choices = choices
    try {
      this.inputs = this.shareMemory(lowered.inputs)
      this.outputs = this.shareMemory(lowered.outputs)
      this.layOut()
      for (const { value, data } of plan.constants) this.arrayOf(value).set(data)
      this.preparation = plan.preparation.map((step) => this.bind(step))
      this.steps = plan.steps.map((step) => this.bind(step))
    } catch (error) {
      this.dispose()
      throw error
    }
  }

  /** One step: inputs and outputs are in the shared memory. */
  run(): void {
    this.dnn.setThreads(this.options.threads)
    if (!this.isPrepared) for (const { run } of this.preparation) run()
    this.isPrepared = true
    if (this.options.profile) this.runTimed()
    else for (const { run } of this.steps) run()
  }

  timings(): readonly OperatorTiming[] {
    return this.timer.timings()
  }

  /** A state in row-major order. */
  readState(name: string): Float32Array<ArrayBuffer> {
    const value = this.stateValue(name)
    const target = new Float32Array(value.dims.reduce((a, b) => a * b, 1))
    this.convert(`state ${name}`, value, target, 'out')
    return target
  }

  writeState(name: string, data: Float32Array): void {
    this.convert(`state ${name}`, this.stateValue(name), data, 'in')
    this.isPrepared = false
  }

  /** Frees what oneDNN holds; the memory itself goes with this object. */
  dispose(): void {
    for (const primitive of this.primitives.values()) this.dnn.destroyPrimitive(primitive)
    for (const places of this.memories.values()) for (const memory of places.values()) this.dnn.destroyMemory(memory)
    this.primitives.clear()
    this.memories.clear()
    this.lowered.dispose()
  }

  private runTimed(): void {
    for (const { step, run } of this.steps) {
      const start = performance.now()
      run()
      this.timer.add(step.label.layer, step.label.operator, performance.now() - start)
    }
  }

  private shareMemory(values: ReadonlyMap<string, Value>): SharedMemory {
    return Object.fromEntries(
      [...values].map(([name, { buffer }]) => {
        const memory = new SharedArrayBuffer(Math.max(buffer.bytes, 1))
        this.places.set(buffer, {
          // koffi takes views of shared memory, not the memory itself.
          address: koffi.address(new Uint8Array(memory)),
          array: (value) => arrayOver(memory, value.offset, value),
        })
        return [name, memory]
      }),
    )
  }

  /** Gives every other buffer its place: state and constants for good, the rest only while a step needs it. */
  private layOut(): void {
    const { plan, state } = this.lowered
    const touched = [...plan.preparation, ...plan.steps].map((step) => {
      const { reads, writes } = accessesOf(step)
      return [...reads, ...writes].map(({ buffer }) => buffer)
    })
    // Also those that no step touches can be read and written from outside.
    const others = [...state.values(), ...plan.constants.map(({ value }) => value)].map(({ buffer }) => buffer)
    const spans = spansOf([...touched, others], ({ lifetime }) => lifetime !== 'step')
    const buffers = [...spans.keys()].filter((buffer) => !this.places.has(buffer))
    const { offsets, bytes } = planMemory(buffers.map((buffer) => spans.get(buffer)!))
    const arena = new Arena(bytes)
    buffers.forEach((buffer, i) => {
      this.places.set(buffer, {
        address: arena.address + BigInt(offsets[i]),
        array: (value) => {
          const { buffer: memory, byteOffset } = arena.view(offsets[i] + value.offset, value.buffer.bytes)
          return arrayOver(memory, byteOffset, value)
        },
      })
    })
  }

  private bind(step: Step): BoundStep {
    if ('run' in step) {
      const reads = step.reads.map((value) => this.arrayOf(value))
      const writes = step.writes.map((value) => this.arrayOf(value))
      return { step, run: () => step.run(reads, writes) }
    }
    const name = nameOf(step.label)
    const primitive = this.primitiveOf(name, step.primitive)
    const packed = this.dnn.packArguments(
      step.arguments.map(([role, value]) => [role, this.memoryOf(name, value)] as const),
    )
    return { step, run: () => this.dnn.execute(name, primitive, packed) }
  }

  private primitiveOf(name: string, desc: PrimitiveDesc): bigint {
    const known = this.primitives.get(desc)
    if (known !== undefined) return known
    const primitive = this.dnn.createPrimitive(name, desc)
    this.primitives.set(desc, primitive)
    return primitive
  }

  private memoryOf(name: string, { buffer, offset, desc, extent = this.dnn.bytesOf(desc) }: Value): bigint {
    const place = this.places.get(buffer)
    if (!place) throw new AlexNetError('engine-failed', `onednn: ${name}: it reads what no step has made`)
    // What native code may touch must lie within the buffer: a wrong size would end the whole process.
    if (offset + extent > buffer.bytes)
      throw new AlexNetError('engine-failed', `onednn: ${name}: a tensor is larger than its memory`)
    const address = place.address + BigInt(offset)
    const known = this.memories.get(desc) ?? new Map<bigint, bigint>()
    this.memories.set(desc, known)
    const memory = known.get(address) ?? this.dnn.createMemory(name, desc, address)
    known.set(address, memory)
    return memory
  }

  private arrayOf(value: Value): HostArray {
    return this.places.get(value.buffer)!.array(value)
  }

  private stateValue(name: string): Value {
    const value = this.lowered.state.get(name)
    if (!value) throw new AlexNetError('incompatible-state', `there is no state '${name}'`)
    return value
  }

  /** Copies a state out to, or in from, row-major memory. */
  private convert(name: string, value: Value, data: Float32Array, direction: 'in' | 'out'): void {
    const plain = value.outside ?? this.dnn.plain(value.dims, 'float32')
    const inner = this.dnn.createMemory(name, value.desc, this.places.get(value.buffer)!.address)
    const outer = this.dnn.createMemory(name, plain, koffi.address(data))
    const [from, to] = direction === 'in' ? [plain, value.desc] : [value.desc, plain]
    const desc = this.dnn.describe(name, { kind: 'reorder', src: from, dst: to })
    if (!desc) throw new AlexNetError('engine-failed', `onednn: ${name}: oneDNN cannot convert its layout`)
    const primitive = this.dnn.createPrimitive(name, desc)
    const scratchpad = this.dnn.memoryOf(desc, 'scratchpad')
    const scratchBytes = scratchpad ? this.dnn.bytesOf(scratchpad) : 0
    const scratch = new Arena(Math.max(scratchBytes, 1))
    const extra =
      scratchpad && scratchBytes > 0
        ? ([['scratchpad', this.dnn.createMemory(name, scratchpad, scratch.address)]] as const)
        : []
    this.dnn.execute(
      name,
      primitive,
      this.dnn.packArguments([
        ['src', direction === 'in' ? outer : inner],
        ['dst', direction === 'in' ? inner : outer],
        ...extra,
      ]),
    )
    for (const memory of [inner, outer, ...extra.map(([, each]) => each)]) this.dnn.destroyMemory(memory)
    this.dnn.destroyPrimitive(primitive)
    this.dnn.destroyPrimitiveDesc(desc)
    if (!value.outside) this.dnn.destroyDesc(plain)
  }
}

function arrayOver(memory: ArrayBufferLike, byteOffset: number, { dims, type }: Value): HostArray {
  const size = dims.reduce((a, b) => a * b, 1)
  if (type === 'int32') return new Int32Array(memory, byteOffset, size)
  if (type === 'uint8') return new Uint8Array(memory, byteOffset, size)
  return new Float32Array(memory, byteOffset, size)
}
