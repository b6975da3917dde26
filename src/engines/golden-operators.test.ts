import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { fill, goldenDifference, readGolden, type Summary, type TensorSpec } from '../../tests/support/golden.js'
import { caseProgram, type OperatorCase, rounded } from '../../tests/support/operator-cases.js'
import type { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { relu, tanh } from '../graph/ops/activation.js'
import { conv2d } from '../graph/ops/convolution.js'
import { localResponseNorm } from '../graph/ops/local-response-norm.js'
import { matmul } from '../graph/ops/matmul.js'
import { avgPool2d, maxPool2d } from '../graph/ops/pooling.js'
import { softTargetCrossEntropy } from '../graph/ops/soft-target-cross-entropy.js'
import { softmaxCrossEntropy } from '../graph/ops/softmax-cross-entropy.js'
import { int32, type Shape, sizeOf, type Tensors } from '../tensor.js'
import { referenceEngine } from './reference/reference-engine.js'

/** How `scripts/golden/operators.py` names an operator, with the attributes that it writes. */
type Operation =
  | { readonly op: 'conv2d'; readonly attributes: { stride: number; padding: number; groups: number } }
  | { readonly op: 'maxPool2d' | 'avgPool2d'; readonly attributes: { kernel: number; stride: number; ceil: boolean } }
  | {
      readonly op: 'localResponseNorm'
      readonly attributes: { size: number; alpha: number; beta: number; k: number; across: 'channels' | 'map' }
    }
  | { readonly op: 'linear' | 'relu' | 'tanh'; readonly attributes: Readonly<Record<string, never>> }
  | { readonly op: 'softmaxCrossEntropy'; readonly attributes: { readonly labels: readonly number[] } }
  | { readonly op: 'softTargetCrossEntropy'; readonly attributes: { readonly targets: TensorSpec } }

type GoldenCase = Operation & {
  readonly name: string
  readonly inputs: readonly TensorSpec[]
  readonly output: { readonly shape: Shape; readonly values: readonly number[] | Summary }
  readonly outputGradient: TensorSpec
  readonly gradients: readonly (readonly number[] | Summary)[]
}

const { formulaCheck, cases } = readGolden<GoldenCase>('operators')

/**
 * The golden numbers have nine digits, and the reference computes in float64. Engines of float32 are off by some 1e-7
 * for each rounding; the longest sums here have 400 terms, whose errors add up like a random walk to some 1e-6.
 */
const engines = [
  { engine: referenceEngine(), tolerance: 1e-8 },
  ...testedEngines.map((engine) => ({ engine, tolerance: 1e-5 })),
]

it('fills tensors as Python does', () => {
  expect(goldenDifference(fill(formulaCheck.spec), formulaCheck.values)).toBeLessThan(1e-8)
})

describe.each(engines)('engine $engine.name against PyTorch', ({ engine, tolerance }) => {
  it.each(cases)('$name', async (golden) => {
    const program = caseProgram(operatorCase(golden))
    const executable = await engine.compile(program)
    const inputs = caseInputs(golden)
    const outputs = await executable.run(engine.name === 'reference' ? inputs : rounded(inputs))
    await executable.dispose()
    expect(outputs.y.shape).toEqual(golden.output.shape)
    expect(goldenDifference(outputs.y, golden.output.values), 'output').toBeLessThan(tolerance)
    golden.gradients.forEach((expected, i) => {
      expect(goldenDifference(outputs[`gradient of x${i}`], expected), `gradient of input ${i}`).toBeLessThan(tolerance)
    })
  })
})

/** A golden case as one of ours, whose program has the gradients of Σ y·r. */
function operatorCase(golden: GoldenCase): OperatorCase {
  const inputs = golden.inputs.map(({ shape }) => ({ shape }))
  return {
    name: golden.name,
    inputs: [...inputs, ...answers(golden)],
    build: (graph, nodes) => build(graph, golden, nodes),
  }
}

/** What a loss is told besides the logits. */
function answers({ op, attributes }: GoldenCase): OperatorCase['inputs'] {
  if (op === 'softmaxCrossEntropy') return [{ shape: [attributes.labels.length], kind: 'labels' }]
  return op === 'softTargetCrossEntropy' ? [{ shape: attributes.targets.shape, kind: 'targets' }] : []
}

function caseInputs(golden: GoldenCase): Tensors {
  const inputs = golden.inputs.map((spec, i) => [`x${i}`, fill(spec)] as const)
  return {
    ...Object.fromEntries(inputs),
    ...(golden.op === 'softmaxCrossEntropy' && {
      x1: int32([golden.attributes.labels.length], golden.attributes.labels),
    }),
    ...(golden.op === 'softTargetCrossEntropy' && { x1: fill(golden.attributes.targets) }),
    r: { ...fill(golden.outputGradient), shape: [sizeOf(golden.outputGradient.shape), 1] },
  }
}

function build(graph: GraphBuilder, { op, attributes }: GoldenCase, inputs: readonly Node[]): Node {
  switch (op) {
    case 'conv2d':
      return graph.add(conv2d, inputs, attributes)
    case 'linear':
      return graph.add(matmul, inputs, { transposeA: false, transposeB: true })
    case 'relu':
      return graph.add(relu, inputs, {})
    case 'tanh':
      return graph.add(tanh, inputs, {})
    case 'maxPool2d':
      return graph.add(maxPool2d, inputs, attributes)
    case 'avgPool2d':
      return graph.add(avgPool2d, inputs, attributes)
    case 'localResponseNorm':
      return graph.add(localResponseNorm, inputs, attributes)
    case 'softTargetCrossEntropy':
      return graph.add(softTargetCrossEntropy, inputs, {})
    case 'softmaxCrossEntropy':
      return graph.add(softmaxCrossEntropy, inputs, {})
  }
}
