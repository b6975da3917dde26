import { expect, it } from 'vitest'
import { caseInputs, caseProgram, type OperatorCase } from '../../tests/support/operator-cases.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import { relu } from './ops/activation.js'
import { maxPool2d } from './ops/pooling.js'
import { simplify } from './simplify.js'

const pooledRelu: OperatorCase = {
  name: 'relu, max pooling',
  inputs: [{ shape: [2, 3, 9, 7], kind: 'ties' }],
  build: (graph, inputs) => graph.add(maxPool2d, [graph.add(relu, inputs, {})], { kernel: 3, stride: 2, ceil: false }),
}

it('takes the gradient of ReLU on the pooled maps, with the same result', async () => {
  const program = caseProgram(pooledRelu)
  const simplified = simplify(program)
  const shapeOf = (nodes: typeof program.nodes) => nodes.find(({ op }) => op === 'reluGradient')!.shape
  expect(shapeOf(program.nodes)).toEqual([2, 3, 9, 7])
  expect(shapeOf(simplified.nodes)).toEqual([2, 3, 4, 3])
  const inputs = caseInputs(program, pooledRelu)
  const [expected, actual] = await Promise.all(
    [program, simplified].map(async (each) => (await referenceEngine().compile(each)).run(inputs)),
  )
  expect(actual).toEqual(expected)
})

it('leaves a program alone in which somebody else reads the gradient of the pooling', () => {
  const program = caseProgram(pooledRelu)
  const pooling = program.nodes.find(({ op }) => op === 'maxPool2dGradient')!
  const watched = { ...program, outputs: { ...program.outputs, watched: pooling } }
  expect(simplify(watched).nodes).toEqual(program.nodes)
})
