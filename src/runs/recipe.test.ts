import { describe, expect, it } from 'vitest'
import { shapes } from '../data/shapes.js'
import { createModel } from '../models/catalogue.js'
import { pointersIn } from '../settings/pointers.js'
import { readRecipe, recipeNames } from './node/recipes.js'
import { recipeSchema, wantedValidation } from './recipe.js'
import { formatRecipe, parseRecipe } from './recipe-yaml.js'

const smallest = 'model: {name: 80sec}\ndata: {name: shapes}\ntraining: {epochs: 1}\noptimizer: {rate: 0.1}\n'

describe('parseRecipe', () => {
  it('fills in what is left out', () => {
    expect(parseRecipe(smallest, 'recipe')).toEqual({
      model: { name: '80sec' },
      data: { name: 'shapes', normalisation: 'channel', augmentation: [], sampling: 'shuffled', validation: 0 },
      training: { epochs: 1, batchSize: 128, seed: 1 },
      optimizer: { kind: 'sgd', rate: 0.1, momentum: 0.9, weightDecay: 0.0005, rule: 'pytorch' },
      schedule: { kind: 'constant' },
    })
  })

  it('reads back what it has written', () => {
    const recipe = parseRecipe(smallest, 'recipe')
    expect(parseRecipe(formatRecipe(recipe), 'recipe')).toEqual(recipe)
  })

  it.each([
    ['', 'r: expected keys with values, got nothing'],
    ['[', 'r is not YAML: '],
    [smallest.replace('epochs: 1', 'epochs: 0'), 'r: training.epochs: expected a whole number of at least 1, got 0'],
    [smallest.replace('epochs: 1', 'epoch: 1'), "r: there is no key 'training.epoch'"],
    [`${smallest}seed: 1\n`, "r: there is no key 'seed'"],
    [`${smallest}schedule: {kind: cosine, warmupp: 1}\n`, "r: there is no key 'schedule.warmupp'"],
    [
      smallest.replace('rate: 0.1', 'rate: 0.1, momentum: 1'),
      'r: optimizer.momentum: expected a number of at least 0 and below 1, got 1',
    ],
    [
      smallest.replace('shapes}', 'shapes, augmentation: [{kind: mirror, side: left}]}'),
      "no key 'data.augmentation.0.side'",
    ],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseRecipe(text, 'r')).toThrow(message)
  })

  it.each([
    ['lr: 0.1', "no key 'lr'", 'It is optimizer.rate here.'],
    ['learning_rate: 0.1', "no key 'learning_rate'", 'It is optimizer.rate here.'],
    ['batch_size: 32', "no key 'batch_size'", 'It is training.batchSize here.'],
    ['epochs: 3', "no key 'epochs'", 'It is training.epochs here.'],
    ['optimizer: {lr: 0.1}', "no key 'optimizer.lr'", 'It is optimizer.rate here.'],
    ['optimizer: {rate: 1, weight_decay: 0}', "no key 'optimizer.weight_decay'", 'It is optimizer.weightDecay here.'],
    ['training: {batch: 3}', "no key 'training.batch'", 'It is training.batchSize here.'],
    ['data: {name: shapes, imgsz: 64}', "no key 'data.imgsz'", 'It is data.size here.'],
    ['lr_scheduler: cosine', "no key 'lr_scheduler'", 'It is schedule.kind here.'],
    ['device: cuda', "no key 'device'", 'It is no part of a recipe here, but an option of the command line: --device.'],
    ['p: 0.5', "no key 'p'", expect.stringMatching(/^Known: /)],
    ['workers: 4', "no key 'workers'", 'It is no part of a recipe here, but an option of the command line: --workers.'],
  ])('names the unknown key of %j before what is missing, and what it is called here', (text, message, hint) => {
    expect(() => parseRecipe(text, 'r', pointersIn(recipeSchema))).toThrow(
      expect.objectContaining({ message: `r: there is ${message}`, hint }),
    )
  })

  it.each([
    [smallest.replace('rate: 0.1', 'rate: 0.1, kind: adam'), "Did you mean 'adamw'?"],
    [`${smallest}schedule: {kind: cos}\n`, "Did you mean 'cosine'?"],
    [`${smallest}schedule: cosine\n`, 'Write {kind: cosine}.'],
    [smallest.replace('shapes}', 'shapes, augmentation: [{kind: hflip}]}'), "Did you mean 'mirror'?"],
    [smallest.replace('shapes}', 'shapes, augmentation: [{kind: cutout}]}'), "Did you mean 'random-erasing'?"],
  ])('says which word was meant in %j', (text, hint) => {
    expect(() => parseRecipe(text, 'r', pointersIn(recipeSchema))).toThrow(
      expect.objectContaining({ code: 'invalid-setting', hint }),
    )
  })

  it('suggests the key that was meant', () => {
    expect(() => parseRecipe(`${smallest}schedul: {}\n`, 'r')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("Did you mean 'schedule'?") }),
    )
  })
})

describe('wantedValidation', () => {
  const { train } = shapes({ seed: 1, train: 10, test: 0 })

  it('is a tenth for a plateau that says nothing', () => {
    const recipe = parseRecipe(smallest, 'recipe')
    const plateau = parseRecipe(`${smallest}schedule: {kind: plateau}\n`, 'recipe')
    const patient = parseRecipe(smallest.replace('epochs: 1', 'epochs: 1, patience: 3'), 'recipe')
    expect(wantedValidation(patient, { train })).toBe(0.1)
    const own = { ...plateau, data: { ...plateau.data, validation: 7 } }
    expect(wantedValidation(recipe, { train })).toBe(0)
    expect(wantedValidation(plateau, { train })).toBe(0.1)
    expect(wantedValidation(own, { train })).toBe(7)
  })

  it('is none where there is a validation part', () => {
    const recipe = parseRecipe(smallest, 'recipe')
    const share = { ...recipe, data: { ...recipe.data, validation: 0.25 } }
    expect(wantedValidation(share, { train })).toBe(0.25)
    expect(wantedValidation(share, { train, validation: train })).toBe(0)
  })
})

describe('the recipes of the package', async () => {
  it.each(await recipeNames())('%s is valid and its network fits its pictures', async (name) => {
    const { model, data } = await readRecipe(name)
    const { name: network, ...options } = model
    const side = data.size ?? 32
    expect(createModel(network, { inputShape: [3, side, side], classes: 10 }, options).name).toBe(network)
  })
})
