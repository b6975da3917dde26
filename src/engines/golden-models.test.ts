import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { fill, goldenDifference, readGolden, type Summary, type TensorSpec } from '../../tests/support/golden.js'
import { rounded } from '../../tests/support/operator-cases.js'
import { GraphBuilder } from '../graph/builder.js'
import { differentiate } from '../graph/differentiate.js'
import { softmaxCrossEntropy } from '../graph/ops/softmax-cross-entropy.js'
import type { Program } from '../graph/program.js'
import { givenInstead } from '../graph/rewrite.js'
import { createModel } from '../models/catalogue.js'
import type { Layer } from '../models/layers/index.js'
import type { Parameter } from '../models/layers/layer.js'
import { applyModel, type Model, parametersOf } from '../models/model.js'
import type { Sgd } from '../optimizers/sgd.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { trainingProgram } from '../programs/training-program.js'
import { int32, type Shape, scalar, scalarValue, type Tensor, type Tensors, uint8 } from '../tensor.js'
import type { Engine } from './engine.js'
import { referenceEngine } from './reference/reference-engine.js'

interface TenSteps extends Pick<Sgd, 'momentum' | 'weightDecay' | 'rule'> {
  readonly rate: number
  readonly biasRateFactor?: number
  readonly biasWeightDecay?: number
  readonly losses: readonly number[]
  /** After the tenth step; `change` is the l2 norm of the difference from the start. */
  readonly parameters: Readonly<Record<string, Summary & { readonly change: number }>>
}

interface GoldenCase {
  readonly model: string
  readonly width: number
  readonly size: number
  readonly classes: number
  readonly batch: number
  readonly parameters: readonly (TensorSpec & { readonly name: string })[]
  readonly images: TensorSpec
  readonly labels: readonly number[]
  readonly dropoutMasks: readonly {
    readonly name: string
    readonly shape: Shape
    readonly seed: number
    readonly rate: number
  }[]
  readonly logits: readonly number[]
  readonly loss: number
  readonly gradients: Readonly<Record<string, Summary>>
  readonly tenSteps: TenSteps
  readonly tenStepsPaper: TenSteps
}

const { formulaCheck, cases } = readGolden<GoldenCase>('models')

/**
 * Relative errors that are let through. `change` is that of a parameter's whole way from its start: it is small beside the
 * parameter, whose float32 steps it is made of (PyTorch's own float32 strays by 1e-3 of it).
 *
 * The reference is slow, and has shown all ten steps by PyTorch's rule; three are enough to tell the paper's from it.
 */
const engines = [
  {
    engine: referenceEngine(),
    paperSteps: 3,
    tolerance: { values: 1e-8, losses: 2e-6, parameters: 1e-6, change: 2e-3 },
  },
  ...testedEngines.map((engine) => ({
    engine,
    paperSteps: 10,
    tolerance: { values: 1e-5, losses: 1e-5, parameters: 1e-5, change: 2e-3 },
  })),
]

it('fills tensors as Python does', () => {
  expect(goldenDifference(fill(formulaCheck.spec), formulaCheck.values)).toBeLessThan(1e-8)
})

describe.each(cases)('model $model against PyTorch', (golden) => {
  const model = createModel(
    golden.model,
    { inputShape: [3, golden.size, golden.size], classes: golden.classes },
    { width: golden.width },
  )
  const state = rounded(Object.fromEntries(golden.parameters.map((spec) => [spec.name, fill(spec)])))
  const images = { images: fill(golden.images) }
  const labels = { labels: int32([golden.batch], golden.labels) }
  const masks: Tensors = Object.fromEntries(
    golden.dropoutMasks.map(({ name, shape, seed }) => [
      `mask:${name}`,
      uint8(
        shape,
        Array.from(fill({ shape, seed, scale: 1, offset: 0 }).data, (value) => (value >= 0 ? 1 : 0)),
      ),
    ]),
  )

  it('has the same parameters', () => {
    expect(parametersOf(model).map(({ name, shape }) => ({ name, shape }))).toEqual(
      golden.parameters.map(({ name, shape }) => ({ name, shape })),
    )
  })

  describe.each(engines)('engine $engine.name', ({ engine, tolerance, paperSteps }) => {
    it('logits', async () => {
      const outputs = await runOnce(engine, inferenceProgram(model, golden.batch), state, images)
      expect(goldenDifference(outputs.logits, golden.logits)).toBeLessThan(tolerance.values)
    })

    it('loss and gradients', async () => {
      const outputs = await runOnce(engine, gradientProgram(model, golden.batch), state, {
        ...images,
        ...labels,
        ...masks,
      })
      expect(Math.abs(scalarValue(outputs.loss) / golden.loss - 1)).toBeLessThan(tolerance.values)
      for (const [name, expected] of Object.entries(golden.gradients))
        expect(goldenDifference(outputs[`gradient of ${name}`], expected), name).toBeLessThan(tolerance.values)
    })

    it.each([golden.tenSteps, golden.tenStepsPaper])('steps by the rule of $rule', async (steps) => {
      const { rule, momentum, weightDecay, biasRateFactor = 1, biasWeightDecay = weightDecay } = steps
      const training = trainingProgram(
        withMultipliers(model, { rate: 1, decay: 1 }, { rate: biasRateFactor, decay: biasWeightDecay / weightDecay }),
        { batchSize: golden.batch, optimizer: { rule, momentum, weightDecay } },
      )
      const drawn = training.nodes.filter(({ op }) => op === 'dropoutMask')
      expect(drawn.map(({ attributes: { name, rate }, shape }) => ({ input: name, shape, rate }))).toEqual(
        golden.dropoutMasks.map(({ name, shape, rate }) => ({ input: `mask:${name}`, shape, rate })),
      )
      const executable = await engine.compile(withGivenMasks(training))
      await executable.writeState(state)
      const inputs = { ...rounded(images), ...labels, ...masks, rate: scalar(steps.rate) }
      const count = rule === 'paper' ? paperSteps : steps.losses.length
      for (const [step, expected] of steps.losses.slice(0, count).entries()) {
        const { loss } = await executable.run(inputs)
        expect(Math.abs(scalarValue(loss) / expected - 1), `loss of step ${step + 1}`).toBeLessThan(tolerance.losses)
      }
      const after = await executable.readState()
      await executable.dispose()
      if (count < steps.losses.length) return
      for (const [name, expected] of Object.entries(steps.parameters)) {
        expect(goldenDifference(after[name], expected), name).toBeLessThan(tolerance.parameters)
        const change = distance(after[name], state[name])
        expect(Math.abs(change / expected.change - 1), `change of ${name}`).toBeLessThan(tolerance.change)
      }
    })
  })
})

/** The loss and its gradient with respect to each parameter, with dropout; the state does not advance. */
function gradientProgram(model: Model, batchSize: number): Program {
  const graph = new GraphBuilder(`${model.name} gradients`)
  const images = graph.input('images', [batchSize, ...model.inputShape])
  const labels = graph.input('labels', [batchSize], 'int32')
  const step = graph.input('step', [], 'int32')
  const { logits, parameters } = applyModel(graph, model, images, { seed: 1, step, firstPicture: 0 })
  const loss = graph.add(softmaxCrossEntropy, [logits, labels], {})
  const gradients = differentiate(
    graph,
    loss,
    parameters.map(({ node }) => node),
  )
  const named = parameters.map(({ parameter }, i) => [`gradient of ${parameter.name}`, gradients[i]] as const)
  return withGivenMasks(graph.program({ outputs: { loss, ...Object.fromEntries(named) } }))
}

/** Inputs `mask:classifier.0` … in the place of the masks that the program would draw. */
function withGivenMasks(program: Program): Program {
  return givenInstead(program, ({ op, attributes }) => (op === 'dropoutMask' ? String(attributes.name) : undefined))
}

/** The model with these multipliers in place of its own. */
function withMultipliers(model: Model, weight: Multipliers, bias: Multipliers): Model {
  const set = (layer: Layer): Layer =>
    layer.kind === 'conv2d' || layer.kind === 'linear'
      ? { ...layer, weight: { ...layer.weight, ...weight }, bias: { ...layer.bias, ...bias } }
      : layer
  return { ...model, features: model.features.map(set), classifier: model.classifier.map(set) }
}

/** The l2 norm of the difference of two tensors. */
function distance(a: Tensor, b: Tensor): number {
  let squares = 0
  for (let i = 0; i < a.data.length; i++) squares += (a.data[i] - b.data[i]) ** 2
  return Math.sqrt(squares)
}

type Multipliers = Pick<Parameter, 'rate' | 'decay'>

async function runOnce(engine: Engine, program: Program, state: Tensors, inputs: Tensors): Promise<Tensors> {
  const executable = await engine.compile(program)
  await executable.writeState(state)
  const outputs = await executable.run(rounded(inputs))
  await executable.dispose()
  return outputs
}
