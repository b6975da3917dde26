import type { Node } from '../../../graph/node.js'
import { termsOf } from '../../../graph/ops/linear-combination.js'
import type { BinaryKind, PostOp, PrimitiveDesc } from '../native/types.js'
import type { Label, Value } from '../plan.js'
import type { LoweringContext } from './context.js'

/**
 * Values that a pass works on at a time: of the three or four arrays of an update, so many stay in the processor's
 * caches, and what follows on the same piece costs no further way to memory.
 */
const CHUNK = 1048576

/** Where a piece of each node's values lies. */
type PieceOf = (value: Value) => Value

/** Writes the calls for one piece of one node. */
type Emit = (piece: PieceOf) => void

/** Where a node's values go. */
interface Place {
  readonly target: Value
  /** The operand that has been there so far, and what it is to be scaled by where that is a constant. */
  readonly own?: { readonly term: Node; readonly scale: number | undefined }
}

/** How the elementwise operators of updates are done piece by piece. */
const pieces: Readonly<Record<string, (node: Node, place: Place, pass: Pass) => Emit>> = {
  linearCombination,
  product,
  adamDirection,
}

/** Whether a pass may hold a node. */
export function fitsPass({ op }: Node): boolean {
  return Object.hasOwn(pieces, op)
}

/**
 * Nodes of one shape, computed together in one way through memory, in place where that is possible: v ← μ·v − ε·λ·w − ε·g
 * and w ← w + v are such, one after the other. All have one layout: that of the weights.
 *
 * As with every lowering, it is the caller who calls `finish`: for the last node, that is.
 *
 * @param temporaries Nodes that nobody else reads: a piece's worth of memory holds each.
 */
export function lowerPass(nodes: readonly Node[], temporaries: ReadonlySet<Node>, context: LoweringContext): void {
  const { plan } = context
  const pass = new Pass(nodes, context)
  const emits = nodes.map((node, i) => {
    if (i > 0) context.finish(nodes[i - 1])
    const place = temporaries.has(node) ? { target: pass.scratch() } : pass.placeOf(node)
    const emit = pieces[node.op](node, place, pass)
    context.define(node, place.target)
    return emit
  })
  const renewed = new Set(nodes.filter((node) => !temporaries.has(node)).map((node) => context.home(node)))
  const size = plan.flatSize(pass.base)
  for (let from = 0; from < size; from += CHUNK) {
    const count = Math.min(CHUNK, size - from)
    const pieceOf: PieceOf = (value) => plan.flat(value, pass.isScratch(value) ? 0 : from, count)
    for (const emit of emits) emit(pieceOf)
    for (const target of renewed) renew(target, pieceOf, pass)
  }
}

/** What the nodes of one pass share: a layout, and primitives for pieces. */
class Pass {
  /** A value of the layout that all of them have. */
  readonly base: Value
  private readonly scratches = new Set<Value>()
  private readonly primitives = new Map<string, PrimitiveDesc>()

  constructor(
    nodes: readonly Node[],
    readonly context: LoweringContext,
  ) {
    this.base = this.settleStates(nodes)
  }

  /** Memory for a piece of a value. */
  scratch(): Value {
    const value = this.context.plan.value([CHUNK], 'float32')
    this.scratches.add(value)
    return value
  }

  isScratch(value: Value): boolean {
    return this.scratches.has(value)
  }

  /** An operand in the layout of the pass. */
  operand(node: Node): Value {
    const home = this.context.home(node)
    return this.isScratch(home) ? home : this.context.as(node, this.base.desc, 'float32')
  }

  /** In place of an operand that nobody needs afterwards, else in new memory. */
  placeOf(node: Node): Place {
    const { context, base } = this
    const own = node.op === 'linearCombination' ? ownTerm(node, context) : undefined
    const home = own && context.home(own.term)
    if (home && context.plan.sameLayout(home, base.desc)) return { target: home, own }
    return { target: context.plan.value(base.dims, 'float32', base.desc) }
  }

  label(node: Node): Label {
    return this.context.label(node)
  }

  /** dst ← a ∘ b on a piece; b may be a scalar. */
  binary(node: Node, algorithm: BinaryKind, a: Value, b: Value, dst: Value, postOps: readonly PostOp[] = []): void {
    const { plan } = this.context
    const primitive = this.prepared(`${algorithm} ${a.dims} ${b.dims} ${JSON.stringify(postOps)}`, () =>
      plan.primitive(this.label(node), { kind: 'binary', algorithm, a: a.desc, b: b.desc, dst: dst.desc, postOps }),
    )
    plan.call(this.label(node), primitive, [
      ['src', a],
      ['src1', b],
      ['dst', dst],
    ])
  }

  prepared(key: string, prepare: () => PrimitiveDesc): PrimitiveDesc {
    const primitive = this.primitives.get(key) ?? prepare()
    this.primitives.set(key, primitive)
    return primitive
  }

  /** Gives states that have no layout yet that of their neighbours: a velocity lies as its weights do. */
  private settleStates(nodes: readonly Node[]): Value {
    const { context } = this
    const members = new Set(nodes)
    const read = nodes
      .flatMap(({ inputs }) => inputs)
      .filter((input) => !members.has(input) && input.shape.length === nodes[0].shape.length)
    const settled = read.filter((input) => context.isDefined(input))
    const guide = settled.find(({ op }) => op === 'state') ?? settled[0]
    const like = guide && context.home(guide)
    for (const input of read)
      if (input.op === 'state' && !context.isDefined(input)) context.settleState(input, like?.desc, like?.dims)
    return like ?? context.home(read[0])
  }
}

/** Σ cᵢ·tᵢ: the first product is written or added to the target's own value, the others are added. */
function linearCombination(node: Node, { target, own }: Place, pass: Pass): Emit {
  const { context } = pass
  const terms = termsOf(node)
  const isOwn = ({ term }: (typeof terms)[number]) => term === own?.term
  // What lies in the target is scaled before anything is added to it: by the way where its coefficient is a constant.
  const scaledHere = own?.scale === undefined ? terms.filter(isOwn) : []
  const others = [...scaledHere, ...terms.filter((each) => !isOwn(each))].map(({ coefficient, term }) => ({
    coefficient: context.home(coefficient),
    term: pass.operand(term),
  }))
  return (pieceOf) => {
    const piece = pieceOf(target)
    others.forEach(({ coefficient, term }, i) => {
      const keep = i > 0 ? 1 : own?.scale
      const postOps: PostOp[] = keep === undefined ? [] : [{ kind: 'sum', scale: keep }]
      pass.binary(node, 'mul', pieceOf(term), coefficient, piece, postOps)
    })
  }
}

/**
 * The term in whose memory a combination may be made, since nobody needs it afterwards: best one whose coefficient is a
 * constant (`scale`).
 */
function ownTerm(
  node: Node,
  context: LoweringContext,
): { readonly term: Node; readonly scale: number | undefined } | undefined {
  const terms = termsOf(node)
  const next = Object.values(context.program.state).find((state) => state.next === node)
  const isFree = (term: Node) => {
    const value = context.home(term)
    return next?.current === term ? context.isReadLast(value, node) : context.mayOverwrite(value, node)
  }
  const free = terms.filter(({ term }) => terms.filter((other) => other.term === term).length === 1 && isFree(term))
  const scaled = free.find(({ coefficient }) => coefficient.op === 'constant')
  // It is by what is added that a term is scaled by the way.
  if (scaled && terms.length > 1) return { term: scaled.term, scale: Number(scaled.coefficient.attributes.value) }
  return free.length > 0 ? { term: free[0].term, scale: undefined } : undefined
}

function product(node: Node, { target }: Place, pass: Pass): Emit {
  const [a, b] = node.inputs.map((input) => pass.operand(input))
  return (pieceOf) => pass.binary(node, 'mul', pieceOf(a), pieceOf(b), pieceOf(target))
}

/** m / (√(v/c) + ε) */
function adamDirection(node: Node, { target }: Place, pass: Pass): Emit {
  const { context } = pass
  const { plan } = context
  const [m, v] = node.inputs.slice(0, 2).map((input) => pass.operand(input))
  const correction = context.home(node.inputs[2])
  const root = pass.scratch()
  return (pieceOf) => {
    const piece = pieceOf(root)
    pass.binary(node, 'div', pieceOf(v), correction, piece, [
      { kind: 'eltwise', algorithm: 'pow', alpha: 1, beta: 0.5 },
    ])
    const shift = pass.prepared(`shift ${piece.dims}`, () =>
      plan.primitive(pass.label(node), {
        kind: 'eltwiseForward',
        algorithm: 'linear',
        alpha: 1,
        beta: Number(node.attributes.epsilon),
        data: piece.desc,
      }),
    )
    plan.call(pass.label(node), shift, [
      ['src', piece],
      ['dst', piece],
    ])
    pass.binary(node, 'div', pieceOf(m), piece, pieceOf(target))
  }
}

/** Brings what follows a state up to date. */
function renew(target: Value, pieceOf: PieceOf, pass: Pass): void {
  const { context } = pass
  const { plan } = context
  const label = { layer: 'update', operator: 'reorder' }
  const source = pieceOf(target)
  for (const follower of context.followersOf(target)) {
    const piece = pieceOf(follower)
    const primitive = pass.prepared(`reorder ${piece.dims} ${follower.type}`, () =>
      plan.primitive(label, { kind: 'reorder', src: source.desc, dst: piece.desc }),
    )
    plan.call(label, primitive, [
      ['src', source],
      ['dst', piece],
    ])
  }
}
