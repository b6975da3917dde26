import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../tests/support/closeness.js'
import { testedEngines } from '../../tests/support/engines.js'
import { caseInputs, caseProgram, operatorCases, rounded, tieCases } from '../../tests/support/operator-cases.js'
import { referenceEngine } from './reference/reference-engine.js'

describe.each(testedEngines)('engine $name against the reference', (engine) => {
  it.each([...operatorCases, ...tieCases])('$name', async (operatorCase) => {
    const program = caseProgram(operatorCase)
    const inputs = caseInputs(program, operatorCase)
    const expected = await (await referenceEngine().compile(program)).run(inputs)
    const executable = await engine.compile(program)
    const actual = await executable.run(rounded(inputs))
    await executable.dispose()
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
    for (const [name, tensor] of Object.entries(expected)) {
      if (name === 'loss') continue // Only there to be differentiated: a sum that may cancel to nearly nothing.
      expect(actual[name].shape, name).toEqual(tensor.shape)
      expect(relativeDifference(actual[name], tensor), name).toBeLessThan(1e-5)
    }
  })
})
