import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { createModel, modelCatalogue } from './catalogue.js'
import { initialState } from './initial-state.js'
import type { Layer } from './layers/index.js'
import { layersOf, type Model, modelSchema, parametersOf } from './model.js'
import type { ModelOptions } from './options.js'
import { summarise } from './summary.js'

const kinds = ({ features, classifier }: Model) => [...features, ...classifier].map(({ kind }) => kind)
const count = (model: Model, kind: Layer['kind']) => kinds(model).filter((k) => k === kind).length

function thrown(build: () => void): AlexNetError {
  try {
    build()
  } catch (error) {
    if (error instanceof AlexNetError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the catalogue', () => {
  it.each([
    ['alexnet', 61_100_840],
    ['alexnet-2012', 60_965_224],
    ['18pct', 89_578],
  ])('%s has %i parameters', (name, parameters) => {
    expect(summarise(createModel(name)).parameters).toBe(parameters)
  })

  it('counts the multiply-adds of alexnet', () => {
    expect(summarise(createModel('alexnet')).multiplyAdds).toBe(714_188_480)
  })

  it.each(modelCatalogue)('$name is plain data that survives a file', ({ name }) => {
    const model = createModel(name)
    expect(modelSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(model)
    expect(model.name).toBe(name)
    expect(layersOf(model).at(-1)?.output).toEqual([1, model.classes])
  })

  it("has torchvision's names and shapes", () => {
    expect(parametersOf(createModel('alexnet')).map(({ name, shape }) => `${name} ${shape.join('×')}`)).toEqual([
      'features.0.weight 64×3×11×11',
      'features.0.bias 64',
      'features.3.weight 192×64×5×5',
      'features.3.bias 192',
      'features.6.weight 384×192×3×3',
      'features.6.bias 384',
      'features.8.weight 256×384×3×3',
      'features.8.bias 256',
      'features.10.weight 256×256×3×3',
      'features.10.bias 256',
      'classifier.1.weight 4096×9216',
      'classifier.1.bias 4096',
      'classifier.4.weight 4096×4096',
      'classifier.4.bias 4096',
      'classifier.6.weight 1000×4096',
      'classifier.6.bias 1000',
    ])
  })

  it.each([
    ['alexnet', 63],
    ['alexnet-2012', 63],
    ['alexnet-cifar', 15],
  ])('%s takes pictures down to %i pixels', (name, size) => {
    const at = (side: number) => createModel(name, { inputShape: [3, side, side], classes: 2 })
    expect(
      layersOf(at(size))
        .find((layer) => layer.name === 'flatten')
        ?.input.slice(2),
    ).toEqual([1, 1])
    const error = thrown(() => at(size - 1))
    expect(error.code).toBe('invalid-shape')
    expect(error.message).toMatch(/^features\.\d+: maxPool2d: kernel 3 is larger than the input 2$/)
    expect(error.hint).toContain('--image-size')
  })

  it('takes pictures that are not square, and of any number of channels', () => {
    const model = createModel('alexnet', { inputShape: [1, 63, 127], classes: 2 })
    expect(layersOf(model).find(({ name }) => name === 'flatten')?.input).toEqual([1, 256, 1, 3])
    expect(parametersOf(model)[0].shape).toEqual([64, 1, 11, 11])
  })

  it.each(['alexnt', 'toString', '__proto__', ''])("knows no model '%s'", (name) => {
    const error = thrown(() => createModel(name))
    expect(error.code).toBe('unknown-name')
    expect(error.message).toBe(`there is no model '${name}'`)
    expect(error.hint).toContain('Known: alexnet, alexnet-2012')
  })

  it('suggests the nearest name', () => {
    expect(thrown(() => createModel('alexnt')).hint).toMatch(/^Did you mean 'alexnet'\? /)
    expect(thrown(() => createModel('AlexNet-2013')).hint).toMatch(/^Did you mean 'alexnet-2012'\? /)
    expect(thrown(() => createModel('resnet50-v2')).hint).not.toContain('Did you mean')
  })
})

describe('the options', () => {
  const cifar = (options: ModelOptions) => createModel('alexnet-cifar', {}, options)

  it('width multiplies filters and hidden units, but not the classes', () => {
    const shapes = parametersOf(createModel('alexnet', {}, { width: 0.5 })).map(({ shape }) => shape[0])
    expect(shapes.filter((_, i) => i % 2 === 0)).toEqual([32, 96, 192, 128, 128, 2048, 2048, 1000])
  })

  it('width leaves at least one filter, and whole groups', () => {
    const filters = (name: string) =>
      parametersOf(createModel(name, {}, { width: 1e-6 })).map(({ shape: [first, second] }) => [first, second])
    expect(filters('alexnet')[0]).toEqual([1, 3])
    expect(filters('alexnet-2012')[2]).toEqual([2, 1])
  })

  it('tanh replaces every ReLU', () => {
    for (const { name } of modelCatalogue) {
      const usual = createModel(name)
      const tanh = createModel(name, {}, { activation: 'tanh' })
      expect(kinds(tanh)).toEqual(kinds(usual).map((kind) => (kind === 'relu' ? 'tanh' : kind)))
    }
  })

  it('lrn is on in the models that were made with it, and can be switched', () => {
    const lrn = (name: string, options: ModelOptions = {}) => count(createModel(name, {}, options), 'lrn')
    expect(modelCatalogue.map(({ name }) => [name, lrn(name)])).toEqual([
      ['alexnet', 0],
      ['alexnet-2012', 2],
      ['alexnet-cifar', 0],
      ['80sec', 0],
      ['19pct', 0],
      ['18pct', 2],
    ])
    for (const { name } of modelCatalogue) {
      expect(lrn(name, { lrn: true }), name).toBe(2)
      expect(lrn(name, { lrn: false }), name).toBe(0)
      expect(lrn(name, { lrn: undefined }), name).toBe(lrn(name))
    }
  })

  it('plain pooling has windows of 2', () => {
    for (const { name } of modelCatalogue)
      for (const [pooling, kernel] of [
        ['plain', 2],
        ['overlapping', 3],
      ] as const) {
        const { features } = createModel(name, {}, { pooling })
        const windows = features.flatMap((layer) => ('ceil' in layer ? [[layer.kernel, layer.stride]] : []))
        expect(windows, name).toEqual([
          [kernel, 2],
          [kernel, 2],
          [kernel, 2],
        ])
      }
  })

  it('dropout sets the rate; 0 switches it off', () => {
    const rates = (options: ModelOptions) =>
      cifar(options).classifier.flatMap((layer) => (layer.kind === 'dropout' ? [layer.rate] : []))
    expect(rates({})).toEqual([0.5, 0.5])
    expect(rates({ dropout: 0.3 })).toEqual([0.3, 0.3])
    expect(rates({ dropout: 0 })).toEqual([0, 0])
  })

  it.each(['alexnet', 'alexnet-2012', 'alexnet-cifar'])('hidden: the units of the two hidden layers of %s', (name) => {
    const outputs = (options: ModelOptions) =>
      createModel(name, { classes: 7 }, { width: 0.25, ...options }).classifier.flatMap((layer) =>
        layer.kind === 'linear' ? [layer.outputs] : [],
      )
    const own = name === 'alexnet-cifar' ? 256 : 1024
    expect(outputs({})).toEqual([own, own, 7])
    expect(outputs({ hidden: 30 })).toEqual([30, 30, 7])
    expect(outputs({ hidden: 0 })).toEqual([7])
  })

  it.each(['80sec', '19pct', '18pct'])('%s refuses what it does not have', (name) => {
    for (const options of [{ dropout: 0.5 }, { initial: 'he' }, { hidden: 64 }] as const) {
      const error = thrown(() => createModel(name, {}, options))
      expect(error.code).toBe('invalid-setting')
      expect(error.message).toContain(`model ${name} has no option '${Object.keys(options)[0]}'`)
    }
  })
})

describe('the start', () => {
  const width = 1 / 16
  const alexnets = ['alexnet', 'alexnet-2012', 'alexnet-cifar']
  const parameters = (name: string, initial?: ModelOptions['initial']) =>
    parametersOf(createModel(name, {}, { width, initial }))

  it.each(alexnets)("%s by 'ones': a deviation of 0.01, and 1 in every bias", (name) => {
    for (const p of parameters(name, 'ones'))
      expect(p.initial, p.name).toEqual(
        p.name.endsWith('bias') ? { kind: 'constant', value: 1 } : { kind: 'normal', deviation: 0.01 },
      )
  })

  it.each(alexnets)("%s by 'paper': 1 in the biases of conv2, conv4, conv5 and the hidden layers", (name) => {
    const all = parameters(name, 'paper')
    const biases = all.filter((p) => p.name.endsWith('bias')).map(({ initial }) => initial)
    expect(biases).toEqual([0, 1, 0, 1, 1, 1, 1, 0].map((value) => ({ kind: 'constant', value })))
    for (const p of all.filter((q) => q.name.endsWith('weight')))
      expect(p.initial, p.name).toEqual({ kind: 'normal', deviation: 0.01 })
  })

  it("is the paper's in alexnet-2012 and PyTorch's in the one-tower networks, unless the options say else", () => {
    expect(parameters('alexnet-2012')).toEqual(parameters('alexnet-2012', 'paper'))
    for (const name of ['alexnet', 'alexnet-cifar']) expect(parameters(name)).toEqual(parameters(name, 'fan-in'))
    expect(parameters('alexnet-2012', 'fan-in').every(({ initial }) => initial.kind === 'fan-in')).toBe(true)
  })

  it('has the spread that it says', () => {
    const deviation = (initial: ModelOptions['initial']) => {
      const { data } = initialState(createModel('alexnet-cifar', {}, { initial, width: 0.25 }), 1)['features.3.weight']
      return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length)
    }
    const fanIn = 16 * 5 * 5
    expect(deviation('ones')).toBeCloseTo(0.01, 3)
    expect(deviation('he')).toBeCloseTo(Math.sqrt(2 / fanIn), 2)
    expect(deviation('fan-in')).toBeCloseTo(Math.sqrt(1 / (3 * fanIn)), 3)
  })

  it('follows from the seed alone', () => {
    const model = createModel('alexnet-cifar', {}, { width })
    expect(initialState(model, 7)).toEqual(initialState(model, 7))
    for (const [name, { data }] of Object.entries(initialState(model, 8)))
      expect(data, name).not.toEqual(initialState(model, 7)[name].data)
  })

  it('of one parameter does not depend on the others', () => {
    const usual = initialState(createModel('alexnet-cifar', {}, { width }), 7)
    const moreClasses = initialState(createModel('alexnet-cifar', { classes: 11 }, { width }), 7)
    const changed = Object.keys(usual).filter((name) => moreClasses[name].data.join() !== usual[name].data.join())
    expect(changed).toEqual(['classifier.6.weight', 'classifier.6.bias'])
    const first = Object.values(usual).map(({ data }) => data[0])
    expect(new Set(first).size).toBe(first.length)
  })
})
