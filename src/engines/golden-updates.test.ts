import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { fill, goldenDifference, readGolden, type TensorSpec } from '../../tests/support/golden.js'
import { rounded } from '../../tests/support/operator-cases.js'
import { GraphBuilder } from '../graph/builder.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import { allState, type Program } from '../graph/program.js'
import type { Parameter } from '../models/layers/layer.js'
import { turnOf } from '../optimizers/accumulation.js'
import { withAverages } from '../optimizers/average.js'
import { type Optimizer, resolveOptimizer } from '../optimizers/index.js'
import { stepInputs } from '../programs/training-program.js'
import { updateProgram } from '../programs/update-program.js'
import { float32, int32 } from '../tensor.js'
import type { Engine } from './engine.js'
import { referenceEngine } from './reference/reference-engine.js'

interface GoldenCase {
  readonly name: string
  readonly optimizer: Optimizer
  readonly rates: readonly number[]
  readonly parameters: Readonly<Record<string, TensorSpec>>
  readonly gradients: readonly Readonly<Record<string, TensorSpec>>[]
  /** Batches that make an update together; what is left at the end makes one, too. */
  readonly accumulate?: number
  /** Null after a step that has only added its gradient. */
  readonly steps: readonly (Readonly<Record<string, readonly number[]>> | null)[]
}

const { formulaCheck, cases } = readGolden<GoldenCase>('updates')

/** State is float32 in every engine: each of the ten steps rounds by up to 6e-8. */
const TOLERANCE = 1e-6

it('fills tensors as Python does', () => {
  expect(goldenDifference(fill(formulaCheck.spec), formulaCheck.values)).toBeLessThan(1e-8)
})

describe.each([referenceEngine(), ...testedEngines])(
  "engine $name against PyTorch's and the paper's updates",
  (engine) => {
    it.each(cases)('$name', async (golden) => {
      await expectSteps(engine, stepProgram(golden, { rate: 1, decay: 1 }), golden)
    })

    it.each(cases)('$name: the multipliers of a parameter scale its rate and its decay', async (golden) => {
      const optimizer = resolveOptimizer({ ...golden.optimizer, weightDecay: 2 * golden.optimizer.weightDecay })
      const program = stepProgram({ ...golden, optimizer }, { rate: 4, decay: 0.5 })
      await expectSteps(engine, program, { ...golden, rates: golden.rates.map((rate) => rate / 4) })
    })

    it('takes a twofold rate and no decay from the multipliers of a parameter', async () => {
      const golden = cases.find(({ name }) => name === 'paper, bias: twice the rate, no decay')!
      const optimizer = resolveOptimizer({ ...golden.optimizer, weightDecay: 0.5 })
      const program = stepProgram({ ...golden, optimizer }, { rate: 2, decay: 0 })
      await expectSteps(engine, program, { ...golden, rates: golden.rates.map((rate) => rate / 2) })
    })
  },
)

/** The gradients come from outside. */
const nothing = { images: float32([0], []), labels: int32([0], []) }

/** A step whose gradients are given: 2g − g, so that an engine may write over what it has made. */
function stepProgram(
  { optimizer, accumulate = 1, parameters: specs }: GoldenCase,
  multipliers: Pick<Parameter, 'rate' | 'decay'>,
): Program {
  const graph = new GraphBuilder('step')
  const parameters = Object.entries(specs).map(
    ([name, { shape }]): Parameter => ({ name, shape, fanIn: 1, initial: { kind: 'fan-in' }, ...multipliers }),
  )
  const gradients = parameters.map(({ name, shape }) => {
    const given = graph.input(`given:${name}`, shape)
    return [name, graph.add(linearCombination, [graph.constant(2), given, graph.constant(-1), given], {})] as const
  })
  return graph.program({
    outputs: {},
    gradients: Object.fromEntries(gradients),
    update: updateProgram('step', parameters, optimizer, { accumulates: accumulate > 1 }),
  })
}

async function expectSteps(engine: Engine, program: Program, golden: GoldenCase): Promise<void> {
  const executable = await engine.compile(program)
  const weights = rounded(mapValues(golden.parameters, fill))
  const { average } = golden.optimizer
  await executable.writeState(average === undefined ? weights : withAverages(weights, Object.keys(weights)))
  for (const [step, expected] of golden.steps.entries()) {
    const given = Object.entries(golden.gradients[step]).map(([name, spec]) => [`given:${name}`, fill(spec)] as const)
    const place = { epoch: 0, batch: step, batchesPerEpoch: golden.steps.length }
    const turn = turnOf(place, golden.accumulate ?? 1)
    const {
      images: _,
      labels: __,
      ...inputs
    } = stepInputs(program, { ...nothing, rate: golden.rates[step], step, turn })
    await executable.run({ ...rounded(Object.fromEntries(given)), ...inputs })
    if (!expected) continue
    const state = await executable.readState()
    expect(Object.keys(state).sort()).toEqual(Object.keys(expected).sort())
    expect(Object.keys(allState(program)).sort()).toEqual(Object.keys(expected).sort())
    for (const [name, values] of Object.entries(expected))
      expect(goldenDifference(state[name], values), `${name} after step ${step + 1}`).toBeLessThan(TOLERANCE)
  }
  await executable.dispose()
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
