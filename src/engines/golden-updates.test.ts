import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { fill, goldenDifference, readGolden, type TensorSpec } from '../../tests/support/golden.js'
import { rounded } from '../../tests/support/operator-cases.js'
import { GraphBuilder } from '../graph/builder.js'
import type { Program } from '../graph/program.js'
import type { Parameter } from '../models/layers/layer.js'
import { type Sgd, sgdUpdate } from '../programs/sgd.js'
import { scalar } from '../tensor.js'
import type { Engine } from './engine.js'
import { referenceEngine } from './reference/reference-engine.js'

interface GoldenCase {
  readonly name: string
  readonly rule: Sgd['rule']
  readonly momentum: number
  readonly weightDecay: number
  readonly rates: readonly number[]
  readonly parameter: TensorSpec
  readonly gradients: readonly TensorSpec[]
  readonly steps: readonly { readonly parameter: readonly number[]; readonly velocity: readonly number[] }[]
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
      await expectSteps(engine, updateProgram(golden, { rate: 1, decay: 1 }), golden)
    })

    it('takes a twofold rate and no decay from the multipliers of a parameter', async () => {
      const golden = cases.find(({ name }) => name === 'paper, bias: twice the rate, no decay')!
      const program = updateProgram({ ...golden, weightDecay: 0.5 }, { rate: 2, decay: 0 })
      await expectSteps(engine, program, { ...golden, rates: golden.rates.map((rate) => rate / 2) })
    })
  },
)

/** State `w` and `v`; inputs `gradient` and `rate`; one update a step. */
function updateProgram(
  { rule, momentum, weightDecay, parameter: { shape } }: GoldenCase,
  multipliers: Pick<Parameter, 'rate' | 'decay'>,
): Program {
  const graph = new GraphBuilder('update')
  const parameter: Parameter = { name: 'w', shape, fanIn: 1, initial: { kind: 'fan-in' }, ...multipliers }
  const updated = sgdUpdate(graph, { rule, momentum, weightDecay }, parameter, {
    weight: graph.state('w', shape),
    velocity: graph.state('v', shape),
    gradient: graph.input('gradient', shape),
    rate: graph.input('rate', []),
  })
  return graph.program({ outputs: {}, next: { w: updated.weight, v: updated.velocity } })
}

async function expectSteps(engine: Engine, program: Program, golden: GoldenCase): Promise<void> {
  const executable = await engine.compile(program)
  await executable.writeState(rounded({ w: fill(golden.parameter) }))
  for (const [step, expected] of golden.steps.entries()) {
    await executable.run({ ...rounded({ gradient: fill(golden.gradients[step]) }), rate: scalar(golden.rates[step]) })
    const { w, v } = await executable.readState()
    expect(goldenDifference(w, expected.parameter), `parameter after step ${step + 1}`).toBeLessThan(TOLERANCE)
    expect(goldenDifference(v, expected.velocity), `velocity after step ${step + 1}`).toBeLessThan(TOLERANCE)
  }
  await executable.dispose()
}
