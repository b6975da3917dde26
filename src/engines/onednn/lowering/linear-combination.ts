import type { Node } from '../../../graph/node.js'
import type { NodeOf } from '../../../graph/ops/index.js'
import { termsOf } from '../../../graph/ops/linear-combination.js'
import type { PrimitiveDesc } from '../native/types.js'
import type { Value } from '../plan.js'
import type { Combination, LoweringContext } from './context.js'

/**
 * Values that an update works on at a time: of its three or four arrays, so many stay in the processors' caches, and
 * what follows on the same piece costs no further way to memory.
 */
const CHUNK = 1048576

/**
 * Σ cᵢ·tᵢ, in place of a term where that is possible: v ← μ·v − ε·λ·w − ε·g and w ← w + v are such, one after the
 * other. They are only noted down here: `emitCombinations` writes neighbours of one size as one pass over memory.
 */
export function linearCombination(node: NodeOf<'linearCombination'>, context: LoweringContext): void {
  const { plan } = context
  const terms = termsOf(node)
  settleStates(
    terms.map(({ term }) => term),
    context,
  )
  const own = ownTerm(node, terms, context)
  const base = context.home(own ? own.term : terms[0].term)
  // A value of another layout must be there before it can be converted.
  if (terms.some(({ term }) => context.isNoted(term) && !plan.sameLayout(context.home(term), base.desc)))
    emitCombinations(context)
  const target = own ? base : plan.value(base.dims, 'float32', base.desc)
  context.combine({
    label: context.label(node),
    target,
    scale: own && Number(own.coefficient.attributes.value),
    terms: terms
      .filter((term) => term !== own)
      .map(({ coefficient, term }) => ({
        coefficient: context.home(coefficient),
        term: context.as(term, base.desc, 'float32'),
      })),
  })
  context.define(node, target)
}

/** Gives states that have no layout yet that of their neighbours: a velocity lies as its weights and their gradient do. */
function settleStates(terms: readonly Node[], context: LoweringContext): void {
  const settled = terms.filter((term) => context.isDefined(term))
  const guide = settled.find(({ op }) => op === 'state') ?? settled[0]
  const like = guide && context.home(guide)
  for (const term of terms)
    if (term.op === 'state' && !context.isDefined(term)) context.settleState(term, like?.desc, like?.dims)
}

/** The term in whose memory the result may be made: its coefficient is a constant, and nobody needs it afterwards. */
function ownTerm(node: Node, terms: ReturnType<typeof termsOf>, context: LoweringContext) {
  const next = Object.values(context.program.state).find((state) => state.next === node)
  if (terms.length === 1) return undefined
  return terms.find(({ coefficient, term }) => {
    if (coefficient.op !== 'constant' || terms.filter((other) => other.term === term).length > 1) return false
    const value = context.home(term)
    return next?.current === term ? context.isReadLast(value, node) : context.mayOverwrite(value, node)
  })
}

/**
 * Writes the steps of the combinations noted so far. Neighbours of one size go through memory together, piece by piece.
 */
export function emitCombinations(context: LoweringContext): void {
  const { plan } = context
  const combinations = context.takeCombinations()
  const primitives: Primitives = new Map()
  for (let first = 0; first < combinations.length; ) {
    const size = plan.flatSize(combinations[first].target)
    let end = first + 1
    while (end < combinations.length && plan.flatSize(combinations[end].target) === size) end++
    const together = combinations.slice(first, end)
    const targets = new Set(together.map(({ target }) => target))
    for (let from = 0; from < size; from += CHUNK) {
      const count = Math.min(CHUNK, size - from)
      for (const combination of together) emitPiece(combination, from, count, primitives, context)
      for (const target of targets) renewPiece(target, from, count, primitives, context)
    }
    first = end
  }
}

/** One primitive for each kind and size of piece. */
type Primitives = Map<string, PrimitiveDesc>

function emitPiece(
  { label, target, scale, terms }: Combination,
  from: number,
  count: number,
  primitives: Primitives,
  context: LoweringContext,
): void {
  const { plan } = context
  const piece = plan.flat(target, from, count)
  terms.forEach(({ coefficient, term }, i) => {
    const keep = i > 0 ? 1 : scale
    const primitive = prepared(primitives, `${count} ${keep}`, () =>
      plan.primitive(label, {
        kind: 'binary',
        algorithm: 'mul',
        a: piece.desc,
        b: coefficient.desc,
        dst: piece.desc,
        postOps: keep === undefined ? [] : [{ kind: 'sum', scale: keep }],
      }),
    )
    plan.call(label, primitive, [
      ['src', plan.flat(term, from, count)],
      ['src1', coefficient],
      ['dst', piece],
    ])
  })
}

/** Brings what follows a state up to date. */
function renewPiece(
  target: Value,
  from: number,
  count: number,
  primitives: Primitives,
  context: LoweringContext,
): void {
  const { plan } = context
  const label = { layer: 'update', operator: 'reorder' }
  const source = plan.flat(target, from, count)
  for (const follower of context.followersOf(target)) {
    const piece = plan.flat(follower, from, count)
    const primitive = prepared(primitives, `${count} ${follower.type}`, () =>
      plan.primitive(label, { kind: 'reorder', src: source.desc, dst: piece.desc }),
    )
    plan.call(label, primitive, [
      ['src', source],
      ['dst', piece],
    ])
  }
}

function prepared(primitives: Primitives, key: string, prepare: () => PrimitiveDesc): PrimitiveDesc {
  const primitive = primitives.get(key) ?? prepare()
  primitives.set(key, primitive)
  return primitive
}
