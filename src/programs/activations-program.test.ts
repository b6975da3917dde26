import { describe, expect, it } from 'vitest'
import { createModel } from '../models/catalogue.js'
import { activationsProgram, codeLayer } from './activations-program.js'

describe('activationsProgram', () => {
  const model = createModel('alexnet', { inputShape: [3, 63, 63], classes: 7 }, { width: 1 / 16 })

  it('has an output for each layer that is asked for, and no node beyond the last', () => {
    const program = activationsProgram(model, 2, ['features.0', 'classifier.2'])
    expect(Object.keys(program.outputs)).toEqual(['features.0', 'classifier.2'])
    expect(program.outputs['features.0'].shape).toEqual([2, 4, 15, 15])
    expect(program.outputs['classifier.2'].shape).toEqual([2, 256])
    const computed = program.nodes.filter(({ op }) => op !== 'state')
    expect(computed.map(({ scope }) => scope)).not.toContain('classifier.4')
  })

  it('suggests a layer for one that does not exist', () => {
    expect(() => activationsProgram(model, 1, ['clasifier.5'])).toThrow(
      expect.objectContaining({
        code: 'unknown-name',
        message: "model alexnet has no layer 'clasifier.5'",
        hint: expect.stringMatching(/^Did you mean 'classifier\.5'\?/),
      }),
    )
  })
})

describe('codeLayer', () => {
  it.each([
    ['alexnet', 'classifier.5'],
    ['80sec', 'classifier.1'],
    ['19pct', 'flatten'], // no hidden layer: its last linear layer sees the features
  ])('%s: %s', (name, layer) => {
    expect(codeLayer(createModel(name))).toBe(layer)
  })
})
