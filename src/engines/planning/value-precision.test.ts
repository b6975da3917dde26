import { expect, it } from 'vitest'
import { GraphBuilder } from '../../graph/builder.js'
import { relu } from '../../graph/ops/activation.js'
import { matmul } from '../../graph/ops/matmul.js'
import { softmax } from '../../graph/ops/softmax.js'
import { sumOver } from '../../graph/ops/sum-over.js'
import type { Precision } from '../engine.js'
import { Liveness } from './liveness.js'
import { valuePrecision } from './value-precision.js'

const graph = new GraphBuilder('precision')
const product = { transposeA: false, transposeB: false }
const x = graph.input('x', [4, 4])
const hidden = graph.add(relu, [graph.add(matmul, [x, graph.state('w', [4, 4])], product)], {})
const sum = graph.add(sumOver, [hidden], { axes: [0] })
const logits = graph.add(matmul, [hidden, hidden], product)
const probabilities = graph.add(softmax, [logits], {})
const last = graph.add(relu, [hidden], {})
const program = graph.program({ outputs: { sum, probabilities, last } })

function precisions(precision: Precision): Record<string, Precision> {
  const liveness = new Liveness(program)
  return Object.fromEntries(
    program.nodes.map((node) => [`${node.op} %${node.id}`, valuePrecision(node, precision, liveness)]),
  )
}

it('is float32 for what comes from outside, for results, and around operators that say so', () => {
  expect(precisions('bfloat16')).toEqual({
    'input %0': 'float32',
    'state %1': 'float32',
    'matmul %2': 'bfloat16',
    // Read by a sum, which takes either.
    'relu %3': 'bfloat16',
    'sumOver %4': 'float32',
    // Read by the softmax.
    'matmul %5': 'float32',
    'softmax %6': 'float32',
    'relu %7': 'float32',
  })
})

it('is float32 everywhere in float32', () => {
  expect(new Set(Object.values(precisions('float32')))).toEqual(new Set(['float32']))
})
