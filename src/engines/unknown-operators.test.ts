import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { GraphBuilder } from '../graph/builder.js'
import type { Attributes } from '../graph/node.js'
import { floats, type Operator } from '../graph/operator.js'
import { relu } from '../graph/ops/activation.js'
import type { Program } from '../graph/program.js'
import { float32 } from '../tensor.js'
import { interpret } from './reference/interpret.js'
import { referenceEngine } from './reference/reference-engine.js'

/** An operator that is none of the language. */
const stranger = (name: string): Operator<Attributes> => ({
  name,
  infer: () => floats([2]),
  evaluate: (_node, _inputs, y) => {
    y.fill(1)
  },
})

/** y = relu(op(x)), or of a source of that name. */
function program(op: string, isSource: boolean, hasState: boolean): Program {
  const graph = new GraphBuilder('strange')
  const x = graph.input('x', [2])
  const made = graph.within('features.0', () => graph.add(stranger(op), isSource ? [] : [x], {}))
  const state = graph.state('w', [2])
  const y = graph.add(relu, [made], {})
  return graph.program({ outputs: { x, y, state }, next: hasState ? { w: y } : {} })
}

/** `toString` is found in every object, and is no operator either. */
const names = ['fourierTransform', 'toString']
const cases = names.flatMap((op) =>
  [false, true].flatMap((isSource) =>
    [false, true].map((hasState) => ({
      op,
      kind: `${isSource ? 'a source' : 'an operator'} of a program ${hasState ? 'that trains' : 'that infers'}`,
      strange: program(op, isSource, hasState),
    })),
  ),
)

const error = (engine: string, op: string) => ({
  code: 'invalid-program',
  message: `strange: features.0: the engine ${engine} does not know the operator '${op}'`,
})

describe.each([referenceEngine(), ...testedEngines])('engine $name', (engine) => {
  it.each(cases)('does not know $op, $kind', async ({ op, strange }) => {
    await expect(engine.compile(strange)).rejects.toMatchObject(error(engine.name, op))
  })
})

it.each(cases)('interpret does not know $op, $kind', ({ op, strange }) => {
  expect(() => interpret(strange, { x: float32([2], [1, 2]) }, { w: [0, 0] })).toThrow(
    expect.objectContaining(error('reference', op)),
  )
})
