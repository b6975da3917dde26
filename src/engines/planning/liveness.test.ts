import { expect, it } from 'vitest'
import { GraphBuilder } from '../../graph/builder.js'
import type { Node } from '../../graph/node.js'
import { relu, reluGradient, tanh } from '../../graph/ops/activation.js'
import { matmul } from '../../graph/ops/matmul.js'
import type { Program } from '../../graph/program.js'
import { Liveness } from './liveness.js'

/** The operands that each operator may write its result over, when each has memory of its own if it may not. */
function overwrites(program: Program): string[] {
  const liveness = new Liveness<string>(program)
  const memories = new Map<Node, string>()
  const found: string[] = []
  for (const node of program.nodes) {
    const operand = node.inputs.find((input) => liveness.mayOverwrite(memories.get(input)!, node))
    if (operand) found.push(`${node.op} ${operand.op}`)
    const memory = (operand && memories.get(operand)) ?? `of %${node.id}`
    memories.set(node, memory)
    liveness.hold(node, memory)
    liveness.finish(node)
  }
  return found
}

it('lets an elementwise operator write over what nobody reads later', () => {
  const graph = new GraphBuilder('chain')
  const x = graph.input('x', [2, 2])
  const y = graph.add(tanh, [graph.add(relu, [x], {})], {})
  expect(overwrites(graph.program({ outputs: { y } }))).toEqual(['relu input', 'tanh relu'])
})

it('keeps what is read once more, what is a result, and what a product reads', () => {
  const graph = new GraphBuilder('kept')
  const x = graph.input('x', [2, 2])
  const y = graph.add(relu, [x], {})
  const z = graph.add(tanh, [y], {})
  const product = graph.add(matmul, [z, z], { transposeA: false, transposeB: false })
  // x is read again by the last node, y is an output; only the last may take a place, that of the product.
  const last = graph.add(reluGradient, [product, x], {})
  expect(overwrites(graph.program({ outputs: { y, last } }))).toEqual(['reluGradient matmul'])
})

it('counts all who share a piece of memory', () => {
  const graph = new GraphBuilder('shared')
  const x = graph.input('x', [2])
  const a = graph.add(relu, [x], {})
  const b = graph.add(tanh, [a], {})
  const c = graph.add(relu, [b], {})
  const d = graph.add(reluGradient, [c, a], {})
  const liveness = new Liveness<string>(graph.program({ outputs: { d } }))
  for (const node of [a, b]) {
    liveness.hold(node, 'shared')
    liveness.finish(node)
  }
  // c reads b last, but a, in the same memory, is wanted by d.
  expect(liveness.isReadLast('shared', c)).toBe(false)
  liveness.finish(c)
  expect(liveness.isReadLast('shared', d)).toBe(true)
})

it('names the one reader of a value that nothing else needs', () => {
  const graph = new GraphBuilder('readers')
  const x = graph.input('x', [2])
  const a = graph.add(relu, [x], {})
  const b = graph.add(tanh, [a], {})
  const c = graph.add(reluGradient, [b, b], {})
  const liveness = new Liveness(graph.program({ outputs: { b, c } }))
  expect(liveness.onlyReader(a)).toBe(b)
  expect(liveness.onlyReader(b)).toBeUndefined()
  expect(liveness.onlyReader(c)).toBeUndefined()
})
