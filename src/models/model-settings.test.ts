import { describe, expect, it } from 'vitest'
import { formatRecipe, parseRecipe } from '../runs/recipe-yaml.js'
import { createModel } from './catalogue.js'
import { defineModel } from './define-model.js'
import { buildModel, ownModelSettings } from './model-settings.js'

const written = `
model:
  name: own
  features:
    - { kind: conv2d, filters: 4, kernel: 3 }
    - { kind: relu }
  classifier:
    - { kind: linear, outputs: 3 }
data: { name: shapes }
training: { epochs: 1 }
optimizer: { rate: 0.01 }
`

describe('defineModel', () => {
  it('fills in what is left out, and counts the classes', () => {
    const { classes, features, classifier } = defineModel({
      name: 'own',
      inputShape: [3, 8, 8],
      features: [{ kind: 'conv2d', filters: 4, kernel: 3 }],
      classifier: [{ kind: 'linear', outputs: 7 }],
    })
    expect(classes).toBe(7)
    expect(features).toEqual([{ kind: 'conv2d', filters: 4, kernel: 3, stride: 1, padding: 0, groups: 1 }])
    expect(classifier).toEqual([{ kind: 'linear', outputs: 7 }])
  })

  it('names what is wrong: the key, or the layer that does not fit', () => {
    const size = { name: 'own', inputShape: [3, 8, 8] }
    const wide = { kind: 'conv2d', filters: 4, kernel: 9 } as const
    const misspelt = { kind: 'conv2d', filters: 4, kernel: 3, strid: 2 } as const
    const classifier = [{ kind: 'linear', outputs: 7 }] as const
    expect(() => defineModel({ ...size, features: [wide], classifier })).toThrow(/features\.0/)
    expect(() => defineModel({ ...size, features: [misspelt], classifier })).toThrow(
      "the network own: there is no key 'features.0.strid'",
    )
  })
})

describe('the network of a recipe', () => {
  it('is one’s own where its layers stand there, built for the pictures and classes at hand', () => {
    const { model } = parseRecipe(written, 'recipe')
    const built = buildModel(model, { inputShape: [3, 6, 6], classes: 3 })
    expect(built).toMatchObject({ name: 'own', inputShape: [3, 6, 6], classes: 3 })
    expect(ownModelSettings(built)).toEqual(model)
    expect(() => buildModel(model, { inputShape: [3, 6, 6], classes: 10 })).toThrow(
      'own ends in 3 outputs, expected one for each of 10 classes',
    )
  })

  it('is one of the catalogue without layers', () => {
    const task = { inputShape: [3, 32, 32], classes: 5 }
    expect(buildModel({ name: '80sec', norm: 'lrn' }, task)).toEqual(createModel('80sec', task, { norm: 'lrn' }))
  })

  it('is written with a line for each layer, and read again as it was', () => {
    const recipe = parseRecipe(written, 'recipe')
    const text = formatRecipe(recipe)
    expect(text).toContain('    - { kind: conv2d, filters: 4, kernel: 3, stride: 1, padding: 0, groups: 1 }\n')
    expect(parseRecipe(text, 'recipe')).toEqual(recipe)
  })

  it.each([
    ['name: own', 'name: own\n  width: 0.5', 'recipe: model.width: expected nothing beside layers'],
    ['kind: relu', 'kind: rellu', 'recipe: model.features.1.kind: expected conv2d'],
    ['kernel: 3', 'kernel: 0', 'recipe: model.features.0.kernel: expected a whole number of at least 1, got 0'],
    ['  classifier:\n    - { kind: linear, outputs: 3 }\n', '', 'recipe: model.classifier: expected layers, as beside'],
  ])('%j written as %j is refused in a line', (from, to, message) => {
    expect(written).toContain(from)
    expect(() => parseRecipe(written.replace(from, to), 'recipe')).toThrow(message)
  })
})
