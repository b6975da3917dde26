import { describe, expect, it } from 'vitest'
import { createModel } from './catalogue.js'
import { layersOf, parametersOf } from './model.js'
import { withRateMultipliers } from './rate-multipliers.js'
import { replaceHead } from './replace-head.js'

const model = createModel('alexnet', { inputShape: [3, 64, 64], classes: 5 }, { width: 0.1 })

const ratesOf = (multipliers: Record<string, number>, of = model) =>
  Object.fromEntries(parametersOf(withRateMultipliers(of, multipliers)).map(({ name, rate }) => [name, rate]))

describe('withRateMultipliers', () => {
  it('freezes whatever begins with a name, and nothing else', () => {
    const rates = ratesOf({ features: 0 })
    for (const [name, rate] of Object.entries(rates)) expect(rate).toBe(name.startsWith('features.') ? 0 : 1)
  })

  it('takes whole parts of names: features.1 is not features.10', () => {
    expect(() => ratesOf({ 'features.1': 0 })).toThrow(/no parameter of alexnet is called 'features.1'/)
    expect(ratesOf({ 'features.10': 0 })).toMatchObject({ 'features.10.weight': 0, 'features.8.weight': 1 })
  })

  it('knows stars, and the last pattern that fits holds', () => {
    expect(ratesOf({ '*.bias': 2, 'classifier.6': 10 })).toMatchObject({
      'features.0.bias': 2,
      'features.0.weight': 1,
      'classifier.6.bias': 10,
      'classifier.6.weight': 10,
    })
  })

  it('calls the last layer so, whatever its place', () => {
    const own = { ...model, classifier: model.classifier.slice(-3) }
    for (const [of, name] of [
      [model, 'classifier.6'],
      [own, 'classifier.2'],
    ] as const) {
      const changed = Object.entries(ratesOf({ last: 10 }, of)).filter(([, rate]) => rate !== 1)
      expect(changed).toEqual([
        [`${name}.weight`, 10],
        [`${name}.bias`, 10],
      ])
    }
  })

  it('multiplies what the network has of its own: biases at twice the rate', () => {
    const paper = createModel('alexnet-2012', { inputShape: [3, 67, 67], classes: 5 })
    expect(ratesOf({ '*': 0.5 }, paper)).toMatchObject({ 'features.0.weight': 0.5, 'features.0.bias': 1 })
  })

  it('leaves everything else of the model as it is', () => {
    expect(layersOf(withRateMultipliers(model, { features: 1 })).map(({ output }) => output)).toEqual(
      layersOf(model).map(({ output }) => output),
    )
  })

  it('refuses to freeze everything', () => {
    expect(() => ratesOf({ '*': 0 })).toThrow(/nothing to learn/)
  })
})

describe('replaceHead', () => {
  it('changes the outputs of the last layer alone', () => {
    const { model: changed, head } = replaceHead(model, 7)
    expect(head).toBe('classifier.6')
    expect(changed.classes).toBe(7)
    const shapes = parametersOf(changed).map(({ name, shape }) => [name, shape])
    const before = parametersOf(model).map(({ name, shape }) => [name, shape])
    expect(shapes.slice(0, -2)).toEqual(before.slice(0, -2))
    expect(shapes.at(-1)).toEqual(['classifier.6.bias', [7]])
  })

  it('needs a fully connected layer at the end', () => {
    expect(() => replaceHead({ ...model, classifier: [{ kind: 'relu' }] }, 7)).toThrow(/ends in relu/)
  })
})
