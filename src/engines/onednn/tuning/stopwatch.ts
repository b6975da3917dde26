import type { OneDnn } from '../native/onednn.js'
import type {
  ArgumentRole,
  ConvolutionSpec,
  MatmulSpec,
  MemoryDesc,
  PrimitiveDesc,
  PrimitiveSpec,
} from '../native/types.js'

type ReorderSpec = Extract<PrimitiveSpec, { kind: 'reorder' }>

/** A prepared primitive that may be measured. */
export interface Measurable {
  readonly spec: ConvolutionSpec | MatmulSpec | ReorderSpec
  readonly primitive: PrimitiveDesc
}

/** Below so many milliseconds a first run does not count: oneDNN may have made machine code in it, for some 30 ms. */
const WARM_UP = 100

/** Where each operand begins: at the start of a memory page. */
const PAGE = 4096

/**
 * Runs primitives on memory of its own and takes their times. The memory is asked for when it is needed, and belongs to
 * the library, which frees it at once when it is disposed of.
 */
export class PrimitiveStopwatch {
  private memory: { readonly memory: bigint; readonly address: bigint; readonly bytes: number } | undefined
  private readonly prepared = new Map<
    PrimitiveDesc,
    { readonly primitive: bigint; readonly operands: readonly Operand[] }
  >()

  constructor(private readonly dnn: OneDnn) {}

  /** Runs a primitive once; returns milliseconds. */
  time(measurable: Measurable): number {
    const isNew = !this.prepared.has(measurable.primitive)
    const time = this.run(measurable)
    return isNew && time < WARM_UP ? this.run(measurable) : time
  }

  private run({ spec, primitive: desc }: Measurable): number {
    const { primitive, operands } = this.prepare(spec, desc)
    const places = operands.map(({ role, layout, offset }) => [role, layout, offset] as const)
    const last = operands[operands.length - 1]
    const base = this.room(last.offset + last.bytes)
    const memories = places.map(
      ([role, layout, offset]) => [role, this.dnn.createMemory('measuring', layout, base + BigInt(offset))] as const,
    )
    const packed = this.dnn.packArguments(memories)
    const start = performance.now()
    this.dnn.execute('measuring', primitive, packed)
    const time = performance.now() - start
    for (const [, memory] of memories) this.dnn.destroyMemory(memory)
    return time
  }

  dispose(): void {
    for (const { primitive } of this.prepared.values()) this.dnn.destroyPrimitive(primitive)
    this.prepared.clear()
    if (this.memory) this.dnn.destroyMemory(this.memory.memory)
    this.memory = undefined
  }

  private prepare(spec: Measurable['spec'], desc: PrimitiveDesc) {
    const known = this.prepared.get(desc)
    if (known) return known
    const made = { primitive: this.dnn.createPrimitive('measuring', desc), operands: this.operandsOf(spec, desc) }
    this.prepared.set(desc, made)
    return made
  }

  /** What a primitive reads and writes, one after the other. */
  private operandsOf(spec: Measurable['spec'], desc: PrimitiveDesc): readonly Operand[] {
    const bias = spec.kind === 'reorder' ? undefined : spec.bias && ([[biasRole[spec.kind], spec.bias]] as const)
    let offset = 0
    return [
      ...roles[spec.kind].map((role) => [role, this.dnn.memoryOf(desc, role)] as const),
      ...(bias ?? []),
      ['scratchpad', this.dnn.memoryOf(desc, 'scratchpad')] as const,
    ].flatMap(([role, layout]) => {
      const bytes = layout ? this.dnn.bytesOf(layout) : 0
      if (!layout || bytes === 0) return []
      const operand = { role, layout, offset, bytes }
      offset += Math.ceil(bytes / PAGE) * PAGE
      return [operand]
    })
  }

  /** The address of memory of at least so many bytes, all of it touched: untouched pages would be read too fast. */
  private room(bytes: number): bigint {
    if (this.memory && this.memory.bytes >= bytes) return this.memory.address
    if (this.memory) this.dnn.destroyMemory(this.memory.memory)
    this.memory = undefined
    const desc = this.dnn.plain([Math.ceil(bytes / 4)], 'float32')
    this.memory = { ...this.dnn.allocate('measuring', desc), bytes }
    this.fill(desc, this.memory.memory)
    this.dnn.destroyDesc(desc)
    return this.memory.address
  }

  /** Writes ½ to all of it, as 0·x + ½. */
  private fill(data: MemoryDesc, memory: bigint): void {
    const desc = this.dnn.describe('measuring', {
      kind: 'eltwiseForward',
      algorithm: 'linear',
      alpha: 0,
      beta: 0.5,
      data,
    })
    if (!desc) return
    const primitive = this.dnn.createPrimitive('measuring', desc)
    this.dnn.execute(
      'measuring',
      primitive,
      this.dnn.packArguments([
        ['src', memory],
        ['dst', memory],
      ]),
    )
    this.dnn.destroyPrimitive(primitive)
    this.dnn.destroyPrimitiveDesc(desc)
  }
}

interface Operand {
  readonly role: ArgumentRole
  readonly layout: MemoryDesc
  readonly offset: number
  readonly bytes: number
}

const roles = {
  convolutionForward: ['src', 'weights', 'dst'],
  convolutionBackwardData: ['diffDst', 'weights', 'diffSrc'],
  convolutionBackwardWeights: ['src', 'diffDst', 'diffWeights'],
  matmul: ['src', 'weights', 'dst'],
  reorder: ['src', 'dst'],
} as const

const biasRole = {
  convolutionForward: 'bias',
  convolutionBackwardData: 'bias',
  convolutionBackwardWeights: 'diffBias',
  matmul: 'bias',
} as const
