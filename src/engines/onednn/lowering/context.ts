import type { Node } from '../../../graph/node.js'
import type { Program } from '../../../graph/program.js'
import type { Precision } from '../../engine.js'
import { Liveness } from '../../planning/liveness.js'
import { valuePrecision } from '../../planning/value-precision.js'
import { rowMajor } from '../native/onednn.js'
import type { MemoryDesc, NativeType, PrimitiveDesc } from '../native/types.js'
import type { Buffer, Label, PlanBuilder, Value } from '../plan.js'
import type { KernelChooser } from '../tuning/kernel-chooser.js'

/** What a node's computation leaves for its gradients. */
export interface Forward {
  readonly primitive?: PrimitiveDesc
  /** Notes: where each maximum was found, what each value was scaled by. */
  readonly workspace?: Value
}

/**
 * What the lowerings of a program share: which value each node has, in which layouts. A node's values are equal but for
 * layout and type; the first is its home, the others are made of it where somebody wants them.
 */
export class LoweringContext {
  readonly liveness: Liveness<Buffer>
  /** The nodes that read each node. */
  readonly users: ReadonlyMap<Node, readonly Node[]>
  private readonly values = new Map<Node, Value[]>()
  private readonly forwards = new Map<Node, Forward>()
  private readonly followers = new Map<Buffer, readonly Value[]>()

  constructor(
    readonly program: Program,
    readonly plan: PlanBuilder,
    readonly precision: Precision,
    readonly kernels: KernelChooser,
  ) {
    this.liveness = new Liveness(program)
    this.users = this.liveness.users
  }

  /** To be called when a node has been lowered. */
  finish(node: Node): void {
    this.liveness.finish(node)
  }

  label({ scope, op }: Node): Label {
    return { layer: scope, operator: op }
  }

  /** The type in which a node's value is computed. */
  typeOf(node: Node): NativeType {
    return valuePrecision(node, this.precision, this.liveness)
  }

  isDefined(node: Node): boolean {
    return this.values.has(node)
  }

  /** Says where a node's value is. */
  define(node: Node, value: Value): void {
    this.values.set(node, [value])
    this.liveness.hold(node, value.buffer)
  }

  /** A new value for a node, of its type. */
  defineNew(node: Node, desc?: MemoryDesc): Value {
    const value = this.plan.value(node.shape, this.typeOf(node), desc)
    this.define(node, value)
    return value
  }

  /** A node's value as it was made. A state that nobody has given a layout yet becomes row-major. */
  home(node: Node): Value {
    if (!this.values.has(node) && node.op === 'state') this.settleState(node)
    return this.values.get(node)![0]
  }

  /** Decides the layout of a state: that of the first node that cares. */
  settleState(node: Node, desc?: MemoryDesc, dims = node.shape, outside?: MemoryDesc): void {
    const shape = dims.length === 0 ? [1] : dims
    const layout = desc ?? this.plan.plainDesc(shape, 'float32')
    this.define(node, this.plan.state(shape, layout, this.isFixed(node), outside))
  }

  /** A node's value in the given layout and type: converted once if it is not at hand. */
  as(node: Node, desc: MemoryDesc, type: NativeType): Value {
    const home = this.home(node)
    const known = this.values.get(node)!.find((value) => value.type === type && this.plan.sameLayout(value, desc))
    if (known) return known
    const value = this.followerOf(node, desc, type) ?? this.plan.reorder(this.label(node), home, desc, type)
    this.values.get(node)!.push(value)
    this.liveness.hold(node, value.buffer)
    return value
  }

  /** The memory, in another type, that must be renewed with a state's own. */
  followersOf(state: Value): readonly Value[] {
    return this.followers.get(state.buffer) ?? []
  }

  /**
   * The bfloat16 copy of weights in row-major order, kept from step to step: it is renewed piece by piece while the
   * update has the weights in the processor's caches.
   */
  private followerOf(node: Node, desc: MemoryDesc, type: NativeType): Value | undefined {
    if (node.op !== 'state' || this.isFixed(node)) return undefined
    const home = this.home(node)
    const isPlain = (layout: MemoryDesc, of: NativeType) =>
      this.plan.dnn.equal(layout, this.plan.plainDesc(home.dims, of))
    if (!isPlain(home.desc, home.type) || !isPlain(desc, type)) return undefined
    const follower = this.plan.follower(this.label(node), home, desc, type)
    this.followers.set(home.buffer, [...this.followersOf(home), follower])
    return follower
  }

  /** A node's value in row-major order. */
  plain(node: Node, type: NativeType = this.home(node).type): Value {
    const { dims } = this.home(node)
    return this.as(node, this.plan.plainDesc(dims, type), type)
  }

  /** A node's value in the given type, in whatever layout it is at hand. */
  typed(node: Node, type: NativeType): Value {
    const home = this.home(node)
    if (home.type === type) return home
    return this.values.get(node)!.find((value) => value.type === type) ?? this.plain(node, type)
  }

  /** Whether a node is a state that no step changes: the weights of inference. */
  isFixed(node: Node): boolean {
    return node.op === 'state' && this.program.state[String(node.attributes.name)].next === undefined
  }

  /**
   * Whether `by`, which is being lowered, may overwrite a value that it reads: nobody reads it later, it is no result
   * of the program and no one else's memory.
   */
  mayOverwrite(value: Value, by: Node): boolean {
    return value.buffer.lifetime === 'step' && this.liveness.mayOverwrite(value.buffer, by)
  }

  /** Whether nobody but `by`, which is being lowered, will read what lies in a value's memory. */
  isReadLast({ buffer }: Value, by: Node): boolean {
    return this.liveness.isReadLast(buffer, by)
  }

  /** Where a result goes that may lie in its operand's place: there if nobody needs the operand afterwards. */
  outputFor(node: Node, operand: Value): Value {
    if (!this.mayOverwrite(operand, node)) return this.defineNew(node, operand.desc)
    this.define(node, operand)
    return operand
  }

  /** Remembers what a node's gradients must know of its computation. */
  rememberForward(node: Node, forward: Forward): void {
    this.forwards.set(node, forward)
  }

  forwardOf(node: Node): Forward | undefined {
    return this.forwards.get(node)
  }

  /** The descriptor of a matrix, or of its transpose as it lies in memory. A row or column lies the same way in both. */
  matrixDesc(rows: number, columns: number, type: NativeType, transposed: boolean): MemoryDesc {
    const isTurned = transposed && rows > 1 && columns > 1
    return this.plan.plainDesc([rows, columns], type, isTurned ? [1, rows] : rowMajor([rows, columns]))
  }
}
