import type { Node } from '../../graph/node.js'
import { termsOf } from '../../graph/ops/linear-combination.js'
import type { Stage } from '../planning/passes.js'
import { type WasmFunction, wasm } from './wasm-module.js'

export type Pass = Extract<Stage, { kind: 'pass' }>

/** A pass over memory as one loop: what is read is read once, what is temporary never leaves the processor's registers. */
export interface CompiledPass {
  /**
   * Its parameters: the number of turns, then the addresses of `arrays` and of `results`, then `scalars` as float32. A turn
   * does `VALUES_A_TURN` values of each.
   */
  readonly code: WasmFunction
  /** The nodes whose values are read from memory. */
  readonly arrays: readonly Node[]
  /** The nodes whose values are written. A result may lie in an operand's place. */
  readonly results: readonly Node[]
  /** The nodes of one value that are read. */
  readonly scalars: readonly Node[]
}

const BYTES_A_VECTOR = 16
const VECTORS_A_TURN = 4
export const VALUES_A_TURN = (VECTORS_A_TURN * BYTES_A_VECTOR) / Float32Array.BYTES_PER_ELEMENT

/** Leaves a node's four values on the stack. */
type Emit = (node: Node, valueFrom: (input: Node) => number[]) => number[]

const emits: Readonly<Record<string, Emit>> = {
  /** A coefficient that is always 1 costs nothing. */
  linearCombination: (node, valueFrom) =>
    termsOf(node).flatMap(({ coefficient, term }, i) => [
      ...valueFrom(term),
      ...(isOne(coefficient) ? [] : [...valueFrom(coefficient), ...wasm.multiply]),
      ...(i > 0 ? wasm.add : []),
    ]),

  product: ({ inputs: [a, b] }, valueFrom) => [...valueFrom(a), ...valueFrom(b), ...wasm.multiply],

  /** m / (√(v/c) + ε) */
  adamDirection: ({ inputs: [m, v, correction], attributes }, valueFrom) => [
    ...valueFrom(m),
    ...valueFrom(v),
    ...valueFrom(correction),
    ...wasm.divide,
    ...wasm.squareRoot,
    ...wasm.f32(Number(attributes.epsilon)),
    ...wasm.splat,
    ...wasm.add,
    ...wasm.divide,
  ],
}

/** Whether all operators of a pass are known here. */
export function canCompile({ nodes }: Pass): boolean {
  return nodes.every(({ op }) => Object.hasOwn(emits, op))
}

export function compilePass({ nodes, temporaries }: Pass): CompiledPass {
  const members = new Set(nodes)
  const read = [...new Set(nodes.flatMap(operandsOf))].filter((node) => !members.has(node))
  const arrays = read.filter(({ shape }) => shape.length > 0)
  const scalars = read.filter(({ shape }) => shape.length === 0)
  const results = nodes.filter((node) => !temporaries.has(node))

  const turns = 0
  const addresses = new Map([...arrays, ...results].map((node, i) => [node, 1 + i]))
  const firstScalar = 1 + addresses.size
  const firstVector = firstScalar + scalars.length
  const vectors = new Map([...scalars, ...arrays, ...nodes].map((node, i) => [node, firstVector + i]))
  const valueFrom = (node: Node) => wasm.get(vectors.get(node)!)

  const turn = Array.from({ length: VECTORS_A_TURN }, (_, i) => i * BYTES_A_VECTOR).flatMap((offset) => [
    ...arrays.flatMap((node) => [
      ...wasm.get(addresses.get(node)!),
      ...wasm.load(offset),
      ...wasm.set(vectors.get(node)!),
    ]),
    ...nodes.flatMap((node) => [...emits[node.op](node, valueFrom), ...wasm.set(vectors.get(node)!)]),
    ...results.flatMap((node) => [...wasm.get(addresses.get(node)!), ...valueFrom(node), ...wasm.store(offset)]),
  ])
  const move = (local: number, by: number) => [...wasm.get(local), ...wasm.i32(by), ...wasm.addI32]
  const body = [
    ...scalars.flatMap((node, i) => [...wasm.get(firstScalar + i), ...wasm.splat, ...wasm.set(vectors.get(node)!)]),
    ...wasm.loop([
      ...turn,
      ...[...addresses.values()].flatMap((local) => [
        ...move(local, VECTORS_A_TURN * BYTES_A_VECTOR),
        ...wasm.set(local),
      ]),
      ...move(turns, -1),
      ...wasm.tee(turns),
    ]),
  ]
  return {
    code: {
      parameters: ['i32', ...[...addresses].map(() => 'i32' as const), ...scalars.map(() => 'f32' as const)],
      vectors: vectors.size,
      body,
    },
    arrays,
    results,
    scalars,
  }
}

function operandsOf(node: Node): readonly Node[] {
  return node.op === 'linearCombination' ? node.inputs.filter((input) => !isOne(input)) : node.inputs
}

const isOne = ({ op, attributes, shape }: Node) => op === 'constant' && shape.length === 0 && attributes.value === 1
