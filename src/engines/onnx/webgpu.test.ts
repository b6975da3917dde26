import { describe, expect, it } from 'vitest'
import { alexnet, start } from '../../../tests/support/cli.js'
import { relativeDifference } from '../../../tests/support/closeness.js'
import { caseInputs, caseProgram, operatorCases, rounded, tieCases } from '../../../tests/support/operator-cases.js'
import { missingWebGpu, onnxOnWebGpu } from '../../../tests/support/webgpu.js'
import { referenceEngine } from '../reference/reference-engine.js'

/** What is written in another way there. All cases hold, but in software each takes seconds. */
const otherwise = /^maxPool2d 3\/2 ceil with ties|^maxPool2d 2\/3|^conv2d 3×3 of 6 pictures/

/** In software, beside other programs. */
const timeout = 300_000

describe.skipIf(missingWebGpu)(`onnx on WebGPU ${missingWebGpu ?? ''}`, { timeout }, () => {
  it.each([...operatorCases, ...tieCases].filter(({ name }) => otherwise.test(name)))('$name', async (operatorCase) => {
    const program = caseProgram(operatorCase)
    const inputs = caseInputs(program, operatorCase)
    const expected = await (await referenceEngine().compile(program)).run(inputs)
    const executable = await onnxOnWebGpu().compile(program)
    const actual = await executable.run(rounded(inputs))
    await executable.dispose()
    for (const [name, tensor] of Object.entries(expected))
      if (name !== 'loss') expect(relativeDifference(actual[name], tensor), name).toBeLessThan(1e-5)
  })
})

it('says what to do where there is no graphics adapter, and which engine computes there', async () => {
  const nowhere = { VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' }
  const without = await start(['train', '--device', 'webgpu'], { env: nowhere }).finished
  expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('WebGPU does not work here: ')])
  const wrong = await alexnet('train', '--device', 'webgpu', '--engine', 'onednn')
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringContaining('the engine onednn does not compute on webgpu'),
  ])
})
