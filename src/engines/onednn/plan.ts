import { AlexNetError } from '../../errors.js'
import { type OneDnn, rowMajor } from './native/onednn.js'
import {
  type ArgumentRole,
  bytesPerValue,
  type DescQuery,
  type MemoryDesc,
  type NativeType,
  type PrimitiveDesc,
  type PrimitiveSpec,
} from './native/types.js'

/** Who a step works for, in messages and profiles. */
export interface Label {
  readonly layer: string
  readonly operator: string
}

/**
 * Where values live.
 * - `step`: made and read within one step; its memory is shared with others.
 * - `state`: kept from step to step.
 * - `input`, `output`: shared with the calling thread.
 * - `constant`: made once, before the first step that follows a change of the state.
 */
export type Lifetime = 'step' | 'state' | 'input' | 'output' | 'constant'

export interface Buffer {
  readonly lifetime: Lifetime
  readonly bytes: number
}

/** A tensor in memory: row-major, or in a layout of oneDNN's own. A scalar has one axis of length 1. */
export interface Value {
  readonly buffer: Buffer
  /** Where it begins, in bytes from the buffer's start. */
  readonly offset: number
  readonly dims: readonly number[]
  readonly type: NativeType
  readonly desc: MemoryDesc
  /** The bytes from its beginning to its end; default: those of the descriptor. Of a part, oneDNN counts whole rows. */
  readonly extent?: number
  /** The layout in which the outside sees a state; default: row-major. A transposed one has its axes exchanged. */
  readonly outside?: MemoryDesc
}

/** A call of a primitive. */
export interface NativeStep {
  readonly label: Label
  readonly primitive: PrimitiveDesc
  readonly arguments: readonly (readonly [ArgumentRole, Value])[]
}

/** Work that is done in TypeScript, on row-major memory. */
export interface HostStep {
  readonly label: Label
  readonly reads: readonly Value[]
  readonly writes: readonly Value[]
  readonly run: (reads: readonly HostArray[], writes: readonly HostArray[]) => void
}

export type HostArray = Float32Array | Int32Array | Uint8Array

export type Step = NativeStep | HostStep

export interface Plan {
  /** Done when the state has been written from outside. */
  readonly preparation: readonly Step[]
  /** Done at every run. */
  readonly steps: readonly Step[]
  /** Values of constants, to be written once. */
  readonly constants: readonly { readonly value: Value; readonly data: Float32Array }[]
}

/** What a step reads and writes. A gradient reads the result (`dst`) that a forward primitive writes. */
export function accessesOf(step: Step): { reads: readonly Value[]; writes: readonly Value[] } {
  if ('run' in step) return step
  const isGradient = step.arguments.some(([role]) => role === 'diffDst')
  const written: readonly ArgumentRole[] = isGradient
    ? ['diffSrc', 'diffWeights', 'diffBias', 'diffScale', 'diffShift', 'scratchpad']
    : ['dst', 'meanResult', 'varianceResult', 'workspace', 'scratchpad']
  return {
    reads: step.arguments.filter(([role]) => !written.includes(role)).map(([, value]) => value),
    writes: step.arguments.filter(([role]) => written.includes(role)).map(([, value]) => value),
  }
}

/** Collects the steps of a plan. Steps that depend on nothing but constants are done once, not at every run. */
export class PlanBuilder {
  private readonly preparation: Step[] = []
  private readonly steps: Step[] = []
  private readonly constants: { value: Value; data: Float32Array }[] = []
  private readonly ownDescs: MemoryDesc[] = []
  private readonly plainDescs = new Map<string, MemoryDesc>()
  private readonly primitiveDescs: PrimitiveDesc[] = []
  /** The values that never change between two changes of the state. */
  private readonly fixed = new Set<Buffer>()

  constructor(readonly dnn: OneDnn) {}

  plan(): Plan {
    return { preparation: this.preparation, steps: this.steps, constants: this.constants }
  }

  /** Frees the descriptors that the plan is made of. */
  dispose(): void {
    for (const desc of this.ownDescs.splice(0)) this.dnn.destroyDesc(desc)
    for (const desc of this.primitiveDescs.splice(0)) this.dnn.destroyPrimitiveDesc(desc)
  }

  /** Row-major memory, or with the given strides. */
  plainDesc(dims: readonly number[], type: NativeType, strides = rowMajor(dims)): MemoryDesc {
    const key = `${type} ${dims} ${strides}`
    const known = this.plainDescs.get(key)
    if (known) return known
    const desc = this.own(this.dnn.plain(dims, type, strides))
    this.plainDescs.set(key, desc)
    return desc
  }

  anyDesc(dims: readonly number[], type: NativeType): MemoryDesc {
    return this.own(this.dnn.any(dims, type))
  }

  /** New memory for a tensor; row-major unless a descriptor is given. */
  value(dims: readonly number[], type: NativeType, desc?: MemoryDesc, lifetime: Lifetime = 'step'): Value {
    const shape = dims.length === 0 ? [1] : dims
    const layout = desc ?? this.plainDesc(shape, type)
    return { buffer: { lifetime, bytes: this.dnn.bytesOf(layout) }, offset: 0, dims: shape, type, desc: layout }
  }

  /** Memory of a state; `fixed` when no step ever changes it. */
  state(dims: readonly number[], desc: MemoryDesc, fixed: boolean, outside?: MemoryDesc): Value {
    const value = { ...this.value(dims, 'float32', desc, 'state'), outside }
    if (fixed) this.fixed.add(value.buffer)
    return value
  }

  constant(dims: readonly number[], data: Float32Array): Value {
    const value = this.value(dims, 'float32', undefined, 'constant')
    this.fixed.add(value.buffer)
    this.constants.push({ value, data })
    return value
  }

  /** The same memory seen as another shape or type of equal size. */
  view(value: Value, dims: readonly number[], desc = this.plainDesc(dims, value.type)): Value {
    return { ...value, dims, desc }
  }

  /** A part of a row-major value: `dims` from `begin` on along each axis. */
  part(value: Value, begin: readonly number[], dims: readonly number[]): Value {
    const strides = rowMajor(value.dims)
    const first = begin.reduce((sum, at, axis) => sum + at * strides[axis], 0)
    const last = dims.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], 0)
    const bytes = bytesPerValue[value.type]
    return {
      ...value,
      offset: value.offset + first * bytes,
      dims,
      desc: this.plainDesc(dims, value.type, strides),
      extent: (last + 1) * bytes,
    }
  }

  /** `count` values of the memory, one after the other as they lie there, padding included. */
  flat(value: Value, from: number, count: number): Value {
    return {
      ...value,
      offset: value.offset + from * bytesPerValue[value.type],
      dims: [count],
      desc: this.plainDesc([count], value.type),
    }
  }

  /** The number of values that the memory has room for, padding included. */
  flatSize(value: Value): number {
    return this.dnn.bytesOf(value.desc) / bytesPerValue[value.type]
  }

  sameLayout(value: Value, desc: MemoryDesc): boolean {
    return this.dnn.equal(value.desc, desc)
  }

  /**
   * Prepares a primitive; undefined when oneDNN cannot do it.
   * @throws AlexNetError `engine-failed`, with the operator's name.
   */
  tryPrimitive(label: Label, spec: PrimitiveSpec): PrimitiveDesc | undefined {
    const desc = this.dnn.describe(nameOf(label), spec)
    if (desc) this.primitiveDescs.push(desc)
    return desc
  }

  /** Prepares a primitive that oneDNN must know. */
  primitive(label: Label, spec: PrimitiveSpec): PrimitiveDesc {
    const desc = this.tryPrimitive(label, spec)
    if (!desc)
      throw new AlexNetError('engine-failed', `onednn: ${nameOf(label)}: oneDNN ${this.dnn.version} cannot do this`)
    return desc
  }

  /** The layout that a prepared primitive has chosen for one of its operands. */
  layoutOf(primitive: PrimitiveDesc, what: DescQuery): MemoryDesc {
    const desc = this.dnn.memoryOf(primitive, what)
    if (!desc) throw new Error(`oneDNN's primitive has no ${what}`)
    return desc
  }

  /** Adds a call of a prepared primitive, with scratch memory for it. */
  call(
    label: Label,
    primitive: PrimitiveDesc,
    args: readonly (readonly [ArgumentRole, Value])[],
    where?: Step[],
  ): void {
    const scratchpad = this.dnn.memoryOf(primitive, 'scratchpad')
    const bytes = scratchpad ? this.dnn.bytesOf(scratchpad) : 0
    const scratch: readonly (readonly [ArgumentRole, Value])[] =
      scratchpad && bytes > 0
        ? [
            [
              'scratchpad',
              { buffer: { lifetime: 'step', bytes }, offset: 0, dims: [bytes], type: 'uint8', desc: scratchpad },
            ],
          ]
        : []
    const step = { label, primitive, arguments: [...args, ...scratch] }
    if (where) where.push(step)
    else this.add(step)
  }

  /** Adds work that is done here; all its values are row-major. */
  host(
    label: Label,
    reads: readonly Value[],
    writes: readonly Value[],
    run: (reads: readonly HostArray[], writes: readonly HostArray[]) => void,
  ): void {
    this.add({ label, reads, writes, run })
  }

  /**
   * Memory of a state in another type, which follows it: made here when the state is written from outside. Whoever
   * changes the state must renew it.
   */
  follower(label: Label, state: Value, desc: MemoryDesc, type: NativeType): Value {
    const follower = this.value(state.dims, type, desc, 'state')
    this.copy(label, state, follower, this.preparation)
    return follower
  }

  /** Adds a conversion of layout or type; returns the new value. */
  reorder(label: Label, from: Value, desc: MemoryDesc, type: NativeType, lifetime?: Lifetime): Value {
    const to = this.value(from.dims, type, desc, lifetime ?? this.lifetimeAfter([from]))
    this.copy(label, from, to)
    return to
  }

  copy({ layer }: Label, from: Value, to: Value, where?: Step[]): void {
    const label = { layer, operator: 'reorder' }
    const primitive = this.primitive(label, { kind: 'reorder', src: from.desc, dst: to.desc })
    this.call(
      label,
      primitive,
      [
        ['src', from],
        ['dst', to],
      ],
      where,
    )
  }

  /** What is made of nothing but fixed values is fixed. */
  private lifetimeAfter(reads: readonly Value[]): Lifetime {
    return reads.every(({ buffer }) => this.fixed.has(buffer)) ? 'constant' : 'step'
  }

  private add(step: Step): void {
    const { reads, writes } = accessesOf(step)
    const isFixed = writes.some(({ buffer }) => buffer.lifetime === 'constant')
    if (isFixed) for (const { buffer } of writes) this.fixed.add(buffer)
    if (isFixed && !reads.every(({ buffer }) => this.fixed.has(buffer)))
      throw new Error(`${nameOf(step.label)}: a constant is made of what changes`)
    ;(isFixed ? this.preparation : this.steps).push(step)
  }

  private own(desc: MemoryDesc): MemoryDesc {
    this.ownDescs.push(desc)
    return desc
  }
}

export function nameOf({ layer, operator }: Label): string {
  return layer ? `${layer}: ${operator}` : operator
}
