import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { missingWebGpu, onnxOnWebGpu } from '../../tests/support/webgpu.js'
import { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import { float32 } from '../tensor.js'
import { referenceEngine } from './reference/reference-engine.js'

/** Every next value is made of the values before the step, however the states refer to each other. */
const updates: Record<
  string,
  (states: { a: Node; b: Node; x: Node; sum: (...terms: Node[]) => Node }) => Record<string, Node>
> = {
  'two states that change places': ({ a, b }) => ({ a: b, b: a }),
  'a state that takes the old value of one that moves on': ({ a, x, sum }) => ({ a: sum(a, x), b: a }),
  'two states with one next value': ({ a, b, x, sum }) => {
    const next = sum(a, b, x)
    return { a: next, b: next }
  },
  'states that are sums of each other': ({ a, b, x, sum }) => ({ a: sum(a, b), b: sum(a, x) }),
  'sums of four terms, in place': ({ a, b, x, sum }) => ({ a: sum(x, b, x, a), b: sum(b, x) }),
}

/** States change hands in another way where they stay in the memory of a device. */
const engines = [
  ...testedEngines.map((engine) => ({ name: engine.name, engine })),
  ...(missingWebGpu ? [] : [{ name: 'onnx on WebGPU', engine: onnxOnWebGpu() }]),
]

describe.each(engines)('engine $name advances', ({ engine }) => {
  it.each(Object.entries(updates))('%s', async (_, update) => {
    const graph = new GraphBuilder('states')
    const [a, b] = [graph.state('a', [3]), graph.state('b', [3])]
    const x = graph.input('x', [3])
    const half = graph.constant(0.5)
    const sum = (...terms: Node[]) =>
      graph.add(
        linearCombination,
        terms.flatMap((term) => [half, term]),
        {},
      )
    const program = graph.program({ outputs: { y: sum(a, b, x) }, next: update({ a, b, x, sum }) })
    const start = { a: float32([3], [1, 2, 3]), b: float32([3], [10, 20, 30]) }
    const [expected, actual] = await Promise.all(
      [referenceEngine(), engine].map(async (each) => {
        const executable = await each.compile(program)
        await executable.writeState(start)
        for (let step = 0; step < 3; step++) await executable.run({ x: float32([3], [step, 0.25, -1]) })
        return executable.readState()
      }),
    )
    expect(actual).toEqual(expected)
  })
})
