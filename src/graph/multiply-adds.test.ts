import { describe, expect, it } from 'vitest'
import { createModel } from '../models/catalogue.js'
import { inferenceProgram } from '../programs/inference-program.js'
import { trainingProgram } from '../programs/training-program.js'
import { multiplyAdds } from './multiply-adds.js'
import type { Program } from './program.js'

const total = (program: Program) => program.nodes.reduce((sum, node) => sum + multiplyAdds(node), 0)
const training = (name: string, batch: number) => trainingProgram(createModel(name), { batchSize: batch })

describe('multiply-adds', () => {
  it('of AlexNet forward are those that are known', () => {
    expect(total(inferenceProgram(createModel('alexnet'), 1))).toBe(714_188_480)
    expect(total(inferenceProgram(createModel('alexnet'), 8))).toBe(8 * 714_188_480)
  })

  it("of training are three times those, without the pictures' gradient", () => {
    const first = 64 * 55 * 55 * 3 * 11 * 11
    expect(total(training('alexnet', 2))).toBe(2 * (3 * 714_188_480 - first))
  })

  it('count the channels of a group only', () => {
    const first = 96 * 55 * 55 * 3 * 11 * 11
    const forward = total(inferenceProgram(createModel('alexnet-2012'), 1))
    const conv2 = inferenceProgram(createModel('alexnet-2012'), 1).nodes.filter(({ op }) => op === 'conv2d')[1]
    expect(multiplyAdds(conv2)).toBe(256 * 27 * 27 * 48 * 5 * 5)
    expect(total(training('alexnet-2012', 1))).toBe(3 * forward - first)
  })
})
