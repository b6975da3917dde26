import type { Node } from '../../graph/node.js'
import { termsOf } from '../../graph/ops/linear-combination.js'
import { dropUnused, type Program } from '../../graph/program.js'
import { usersOf } from '../../graph/users.js'
import { sizeOf, type Tensors } from '../../tensor.js'

/**
 * The end of a training step, the update of parameters and velocities, done here instead of in the library's graph.
 *
 * ONNX Runtime copies each output of a processor's graph into new memory. With the update in the graph, that is all
 * parameters and velocities at every step: 488 MB for AlexNet, more than half a second. With the update here only the
 * gradients come out, half as much, and the update is one pass over memory, in place, instead of five.
 */
export interface HostUpdate {
  /** The rest of the program: its state never changes by itself, the gradients are additional outputs. */
  readonly device: Program
  /**
   * Computes each state's next value, in place where nobody needs the old one.
   * @param state The arrays of the state; the entries are replaced or overwritten.
   * @param inputs The step's inputs (the rate).
   * @param outputs The outputs of `device`.
   */
  apply(state: Map<string, Float32Array>, inputs: Tensors, outputs: Tensors): void
}

/** Splits a program into what the library runs and the update that is done here. */
export function splitUpdate(program: Program): HostUpdate {
  const host = hostNodes(program)
  const nextStates = Object.entries(program.state).flatMap(([name, { next }]) => (next ? [{ name, next }] : []))
  const gradients = new Map<Node, string>()
  for (const node of [...host].filter(isVector))
    for (const { term } of termsOf(node))
      if (!host.has(term) && term.op !== 'state') gradients.set(term, `gradient:${term.id}`)
  for (const { next } of nextStates)
    if (!host.has(next) && next.op !== 'state') gradients.set(next, `gradient:${next.id}`)

  const forward = dropUnused({
    ...program,
    state: {},
    outputs: {
      ...program.outputs,
      ...Object.fromEntries([...gradients].map(([node, name]) => [name, node])),
    },
  })
  // Velocities are the update's alone: the library never sees them.
  const read = Object.entries(program.state).filter(([, { current }]) => forward.nodes.includes(current))
  const device = {
    ...forward,
    state: Object.fromEntries(read.map(([name, { current }]) => [name, { current, next: undefined }])),
  }
  const nodes = program.nodes.filter((node) => host.has(node) && isVector(node))
  const steps = nodes.map((node, i) => {
    const target = nextStates.find(({ next }) => next === node)?.name
    const current = target && program.state[target].current
    // The old value may be overwritten if nothing later reads it: each element is read before it is written.
    const isReadLater =
      nodes.slice(i + 1).some((later) => termsOf(later).some(({ term }) => term === current)) ||
      nextStates.some(({ next }) => next === current)
    return { node, terms: termsOf(node), overwrites: target !== undefined && !isReadLater ? target : undefined }
  })

  return {
    device,
    apply(state, inputs, outputs) {
      const results = new Map<Node, Float32Array>()
      const arrayOf = (node: Node): Float32Array => {
        const known = results.get(node)
        if (known) return known
        if (node.op === 'state') return state.get(String(node.attributes.name))!
        return outputs[gradients.get(node)!].data as Float32Array
      }
      const combinations = steps.map(({ node, terms, overwrites }): Combination => {
        const values = terms.map(({ coefficient, term }) => ({
          coefficient: scalarOf(coefficient, inputs),
          values: arrayOf(term),
        }))
        const result = overwrites === undefined ? new Float32Array(sizeOf(node.shape)) : state.get(overwrites)!
        results.set(node, result)
        return { terms: values, result }
      })
      combineAll(combinations)
      // All are looked up before any is set. No two states may share memory: each is overwritten on its own.
      const taken = new Set<Float32Array>()
      const advanced = nextStates.map(({ name, next }) => {
        const array = arrayOf(next)
        const own = next.op === 'state' || taken.has(array) ? array.slice() : array
        taken.add(own)
        return [name, own] as const
      })
      for (const [name, array] of advanced) state.set(name, array)
    },
  }
}

/**
 * The nodes of the update: linear combinations, and products of scalars, whose results go nowhere but into other such
 * nodes and the state, and whose coefficients are known here.
 */
function hostNodes(program: Program): ReadonlySet<Node> {
  const results = new Set(Object.values(program.outputs))
  const users = usersOf(program)
  const host = new Set<Node>()
  for (const node of program.nodes.toReversed()) {
    if (node.op !== 'linearCombination' || results.has(node)) continue
    if (!users.get(node)!.every((user) => host.has(user))) continue
    if (termsOf(node).every(({ coefficient }) => isKnownScalar(coefficient))) host.add(node)
  }
  // A combination that no state is made of (the sum of two gradients within the net) stays with the rest.
  const states = new Set(Object.values(program.state).map(({ next }) => next))
  for (const node of program.nodes.toReversed())
    if (host.has(node) && !states.has(node) && !users.get(node)!.some((user) => host.has(user))) host.delete(node)
  return host
}

const isVector = (node: Node): boolean => node.op === 'linearCombination'

/** A scalar that is computed from inputs and constants alone. */
function isKnownScalar(node: Node): boolean {
  if (node.shape.length > 0) return false
  if (node.op === 'product') return node.inputs.every(isKnownScalar)
  return node.op === 'constant' || node.op === 'input'
}

function scalarOf(node: Node, inputs: Tensors): number {
  if (node.op === 'constant') return Number(node.attributes.value)
  if (node.op === 'input') return inputs[String(node.attributes.name)].data[0]
  return node.inputs.reduce((value, input) => value * scalarOf(input, inputs), 1)
}

interface Term {
  readonly coefficient: number
  readonly values: Float32Array
}

/** result = Σ coefficient · values */
interface Combination {
  readonly terms: readonly Term[]
  readonly result: Float32Array
}

/** Values that are worked on at a time: with the four arrays of an update they stay in the processor's cache. */
const CHUNK = 16384

/**
 * Computes combinations in order. Neighbours of one size (a velocity, then its parameter) go through memory together,
 * chunk by chunk, which is more than twice as fast as one after the other.
 */
function combineAll(combinations: readonly Combination[]): void {
  for (let first = 0; first < combinations.length; ) {
    const { length } = combinations[first].result
    let end = first + 1
    while (end < combinations.length && combinations[end].result.length === length) end++
    for (let from = 0; from < length; from += CHUNK)
      for (let i = first; i < end; i++) combine(combinations[i], from, Math.min(from + CHUNK, length))
    first = end
  }
}

/** One pass for two or three terms, which is what the update of SGD needs. */
function combine({ terms, result }: Combination, from: number, to: number): void {
  const [a, b, c] = terms
  if (terms.length === 3)
    combineThree(a.coefficient, a.values, b.coefficient, b.values, c.coefficient, c.values, result, from, to)
  else if (terms.length === 2) combineTwo(a.coefficient, a.values, b.coefficient, b.values, result, from, to)
  else
    for (let i = from; i < to; i++) {
      let sum = 0
      for (const { coefficient, values } of terms) sum += coefficient * values[i]
      result[i] = sum
    }
}

function combineTwo(
  p: number,
  x: Float32Array,
  q: number,
  y: Float32Array,
  result: Float32Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) result[i] = p * x[i] + q * y[i]
}

function combineThree(
  p: number,
  x: Float32Array,
  q: number,
  y: Float32Array,
  r: number,
  z: Float32Array,
  result: Float32Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) result[i] = p * x[i] + q * y[i] + r * z[i]
}
