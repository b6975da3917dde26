import { describe, expect, it } from 'vitest'
import { caseInputs, caseProgram, gradientName, operatorCases } from '../../../tests/support/operator-cases.js'
import { referenceEngine } from '../../engines/reference/reference-engine.js'
import { scalarValue } from '../../tensor.js'
import { operators } from './index.js'

/** Central differences in float64: the error is about 1e-10 for values near 1. */
const STEP = 1e-5

describe('the gradient rules against numeric gradients', () => {
  for (const operatorCase of operatorCases.filter(({ differentiable }) => differentiable !== false))
    it(operatorCase.name, async () => {
      const program = caseProgram(operatorCase)
      const inputs = caseInputs(program, operatorCase)
      const executable = await referenceEngine().compile(program)
      const outputs = await executable.run(inputs)
      for (const [name, node] of Object.entries(program.inputs)) {
        if (!Object.hasOwn(outputs, gradientName(node))) continue
        const { data } = inputs[name]
        const scale = Math.max(1, ...Array.from(data, Math.abs))
        // Large inputs are sampled: every seventh element still visits each row, column and channel.
        for (let i = 0; i < data.length; i += data.length > 500 ? 7 : 1) {
          const original = data[i]
          const at = async (value: number) => {
            data[i] = value
            return scalarValue((await executable.run(inputs)).loss)
          }
          const numeric =
            ((await at(original + STEP * scale)) - (await at(original - STEP * scale))) / (2 * STEP * scale)
          data[i] = original
          expect(outputs[gradientName(node)].data[i], `${name}[${i}]`).toBeCloseTo(numeric, 5)
        }
      }
    })
})

describe('the table of cases', () => {
  it('covers every operator', () => {
    const covered = new Set(operatorCases.flatMap((c) => caseProgram(c).nodes.map(({ op }) => op)))
    expect(Object.keys(operators).filter((name) => !covered.has(name))).toEqual([])
  })
})
