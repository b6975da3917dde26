import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { tinyCheckpoint } from '../../../../tests/support/tiny-checkpoint.js'
import { encodeCheckpoint } from '../../../runs/checkpoint.js'
import { readRecipe } from '../../../runs/node/recipes.js'
import { recipeSchema } from '../../../runs/recipe.js'
import { pathOf } from '../../../settings/key.js'
import { trainCommand } from './command.js'
import type { TrainFlags } from './flags.js'
import type { GivenSetting } from './setting-option.js'
import { trainSettings } from './settings.js'

const folder = await mkdtemp(join(tmpdir(), 'alexnet-settings-'))
await writeFile(join(folder, 'last.safetensors'), encodeCheckpoint(tinyCheckpoint()))
afterAll(() => rm(folder, { recursive: true }))

const given = (settings: Readonly<Record<string, unknown>>): GivenSetting[] =>
  Object.entries(settings).map(([key, value]) => ({ flag: `--set ${key}`, path: pathOf(recipeSchema, key), value }))

/** The recipe of a new run. */
async function recipeOf(dataset: string | undefined, settings = {}, recipe?: string) {
  return (await trainSettings({ name: dataset }, { recipe, set: given(settings) })).recipe
}

describe('a new run', () => {
  it('takes the recipe of the data set', async () => {
    expect(await recipeOf(undefined)).toEqual(await readRecipe('shapes'))
    expect(await recipeOf('cifar10')).toEqual(await readRecipe('80sec'))
    expect(await recipeOf('pictures')).toEqual(await readRecipe('pictures'))
  })

  it('takes the recipe of the model, for the shapes where no data set is named', async () => {
    const { claim: _, ...own } = await readRecipe('18pct')
    const model = { 'model.name': '18pct' }
    expect(await recipeOf(undefined, model)).toEqual({ ...own, data: { ...own.data, name: 'shapes' } })
    expect(await recipeOf('cifar10', model)).toEqual(own)
  })

  it("takes the model's own width, learning and size of pictures for one's own, for as long as the recipe for them says", async () => {
    const pictures = await readRecipe('pictures')
    expect(await recipeOf('pictures', { 'model.name': 'alexnet' })).toEqual(pictures)
    for (const name of ['alexnet-2012', 'alexnet-cifar', '18pct']) {
      const own = await readRecipe(name)
      const { model, data, optimizer, training, schedule } = await recipeOf('pictures', { 'model.name': name })
      // Batches of 16 in place of 128: the rate by the square root of an eighth.
      expect(optimizer).toEqual({ ...own.optimizer, rate: name === '18pct' ? 0.00035 : 0.0035 })
      expect({ training, schedule }).toEqual({ training: pictures.training, schedule: pictures.schedule })
      expect(model).toEqual({ ...own.model, ...(name !== '18pct' && { norm: 'batch', initial: 'fan-in' }) })
      const { name: _, ...sized } = name === 'alexnet-2012' ? pictures.data : { ...own.data, size: 32, validation: 0.2 }
      expect(data).toEqual({ name: 'pictures', ...sized })
    }
  })

  it('says where its settings come from, and how to be without a normalisation that was not asked for', async () => {
    const originOf = async (settings: Record<string, unknown>) =>
      (await trainSettings({ name: 'pictures' }, { set: given(settings) })).origin
    const from = (model: string) =>
      `pictures, with the network, width and rule of learning of ${model}, its rate for smaller batches, and pictures of its size`
    const asked = { 'model.name': 'alexnet-2012', 'model.norm': 'batch' }
    expect(await originOf(asked)).toBe(from('alexnet-2012'))
    expect(await originOf({ 'model.name': '18pct' })).toBe(from('18pct'))
    const without = { 'model.name': 'alexnet-2012', 'model.norm': 'none' }
    expect(await originOf(without)).toBe(from('alexnet-2012'))
    expect((await recipeOf('pictures', without)).model).toEqual({ name: 'alexnet-2012', norm: 'none' })
    expect(await originOf({ 'model.name': 'alexnet-2012' })).toBe(
      `${from('alexnet-2012')}; with batch normalisation it begins at once (--no-lrn: without)`,
    )
  })

  it('cuts nothing larger out of pictures than they are', async () => {
    const cropOf = async (settings: object) =>
      (await recipeOf('pictures', settings)).data.augmentation.map((t) => 'size' in t && t.size)
    expect(await cropOf({ 'data.size': 128 })).toEqual([128, false, false])
    expect(await cropOf({ 'data.size': 320 })).toEqual([224, false, false])
    expect(await cropOf({ 'model.name': 'alexnet-cifar', 'data.size': 32 })).toEqual([false, false])
  })

  it('learns for as long as it is told, and no longer for the sake of the steps', async () => {
    expect((await recipeOf('pictures')).training).toMatchObject({ epochs: 60, minimumSteps: 1000 })
    expect((await recipeOf('pictures', { 'training.epochs': 3 })).training).not.toHaveProperty('minimumSteps')
    const both = { 'training.epochs': 3, 'training.minimumSteps': 50 }
    expect((await recipeOf('pictures', both)).training).toMatchObject({ epochs: 3, minimumSteps: 50 })
  })

  it('takes a recipe by its name, for another data set too', async () => {
    expect(await recipeOf(undefined, {}, '18pct')).toEqual(await readRecipe('18pct'))
    expect((await recipeOf('shapes', {}, '18pct')).data.name).toBe('shapes')
    await expect(recipeOf(undefined, { 'model.name': 'alexnet' }, '18pct')).rejects.toThrow(
      'the recipe 18pct is for the network 18pct',
    )
  })

  it('takes the network of a program’s own run for pictures that are named', async () => {
    const file = join(folder, 'own.yaml')
    const layers = { features: [], classifier: [{ kind: 'linear', outputs: 10 }] }
    const own = { ...(await readRecipe('shapes')), model: { name: 'own', ...layers } }
    await writeFile(file, JSON.stringify({ ...own, data: { ...own.data, name: 'mine', given: true } }))
    const { model, data } = await recipeOf('pictures', {}, file)
    expect([model, data.name, data.given]).toEqual([own.model, 'pictures', undefined])
    expect((await recipeOf(undefined, {}, file)).data.given).toBe(true)
    await expect(recipeOf('pictures', { 'model.width': 0.5 }, file)).rejects.toThrow('expected nothing beside layers')
  })

  it('changes what is given, the later over the earlier', async () => {
    const recipe = await readRecipe('shapes')
    const settings = given({ 'optimizer.rate': 0.5, 'training.seed': 3, 'schedule.kind': 'plateau' })
    const { recipe: changed } = await trainSettings({}, { set: [...settings, ...given({ 'optimizer.rate': 0.25 })] })
    expect(changed).toEqual({
      ...recipe,
      claim: undefined,
      training: { ...recipe.training, seed: 3 },
      optimizer: { ...recipe.optimizer, rate: 0.25 },
      schedule: { kind: 'plateau', patience: 5, factor: 0.1, drops: 3, threshold: 0.001, warmup: 0 },
    })
  })

  it('lets a flag for the schedule stand behind one for a part of it', async () => {
    const [schedule, warmup] = [
      { flag: '--schedule', path: ['schedule'], value: { kind: 'steps', every: 3, factor: 0.1 } },
      { flag: '--warmup', path: ['schedule', 'warmup'], value: 2 },
    ]
    const expected = { kind: 'steps', every: 3, factor: 0.1, warmup: 2 }
    for (const set of [
      [schedule, warmup],
      [warmup, schedule],
    ])
      expect((await trainSettings({}, { set })).recipe.schedule).toEqual(expected)
    // Of keys the later holds, as they stand.
    const later = [...given({ 'schedule.warmup': 2 }), schedule]
    expect((await trainSettings({}, { set: later })).recipe.schedule).toEqual(schedule.value)
  })

  it('shortens the warm-up of a recipe to the epochs that are given, but none that is given itself', async () => {
    expect((await readRecipe('pictures')).schedule).toMatchObject({ warmup: 3 })
    expect((await recipeOf('pictures', { 'training.epochs': 2 })).schedule).toMatchObject({ warmup: 2 })
    const both = await recipeOf('pictures', { 'training.epochs': 2, 'schedule.warmup': 5 })
    expect(both.schedule).toMatchObject({ warmup: 5 })
  })

  it('claims what its recipe claims as long as nothing differs from it', async () => {
    const { claim, optimizer } = await readRecipe('shapes')
    expect((await recipeOf('shapes', { 'optimizer.rate': optimizer.rate })).claim).toBe(claim)
    expect((await recipeOf('shapes', { 'optimizer.rate': 0.5 })).claim).toBeUndefined()
    expect((await recipeOf('shapes', { claim: 'mine' })).claim).toBe('mine')
    expect((await recipeOf('cifar10', {}, 'shapes')).claim).toBeUndefined()
  })

  it('returns to a default when a key is taken away', async () => {
    const { model } = await recipeOf('pictures', { 'model.width': undefined })
    expect(model).toEqual({ name: 'alexnet', norm: 'batch', initial: 'fan-in' })
  })

  it('adds multipliers to those of the recipe', async () => {
    const settings = { 'optimizer.multipliers.features': 0, 'optimizer.multipliers.classifier.6': 10 }
    const { optimizer } = await recipeOf('shapes', settings)
    expect(optimizer.multipliers).toEqual({ features: 0, 'classifier.6': 10 })
  })

  it.each([
    [{ 'optimizer.rate': undefined }, 'the settings: optimizer.rate: expected a number above 0, got nothing'],
    [{ 'schedule.every': 3 }, "schedule of kind 'cosine' has no key 'every'"],
    [{ 'data.augmentation.9': { kind: 'mirror' } }, 'there is no data.augmentation.9'],
  ])('refuses %j', async (settings, message) => {
    await expect(recipeOf('shapes', settings)).rejects.toThrow(message)
  })
})

describe('a run that begins with weights', () => {
  it('takes their network and its size of pictures', async () => {
    const { recipe, weights: read } = await trainSettings({ name: 'pictures' }, { set: given({ weights: folder }) })
    expect(recipe.model).toEqual(tinyCheckpoint().recipe.model)
    expect(recipe.data).toMatchObject({ name: 'pictures', size: 32, augmentation: [{ size: 32 }, { kind: 'mirror' }] })
    expect(recipe.optimizer).toEqual((await readRecipe('fine-tune')).optimizer)
    expect(read?.model).toEqual(tinyCheckpoint().model)
  })

  it('resizes its pictures as it is told', async () => {
    expect((await recipeOf('pictures', { weights: folder, 'data.size': 40 })).data.size).toBe(40)
  })

  it('has no other network', async () => {
    expect((await recipeOf('pictures', { weights: folder, 'model.name': 'alexnet-cifar' })).model.width).toBe(1 / 8)
    await expect(recipeOf('pictures', { weights: folder, 'model.width': 1 })).rejects.toThrow(
      'training that begins with weights takes their network, alexnet-cifar: --set model.width cannot be given',
    )
  })
})

describe('a run that goes on', () => {
  it('changes what may change', async () => {
    const set = given({
      'training.epochs': 9,
      'optimizer.rate': 0.5,
      'schedule.kind': 'cosine',
      'schedule.warmup': 1,
      'loss.labelSmoothing': 0.1,
      'data.mix.mixup': 0.2,
    })
    const { recipe, resume } = await trainSettings({}, { resume: folder, set })
    await resume?.run.close()
    const { recipe: before } = tinyCheckpoint()
    expect(recipe).toEqual({
      ...before,
      data: { ...before.data, mix: { mixup: 0.2, cutmix: 0, probability: 1, switch: 0.5 } },
      loss: { labelSmoothing: 0.1 },
      training: { ...before.training, epochs: 9 },
      optimizer: { ...before.optimizer, rate: 0.5 },
      schedule: { kind: 'cosine', to: 0, warmup: 1 },
    })
  })

  it.each<[string, unknown]>([
    ['model.name', 'alexnet'],
    ['model.dropout', 0],
    ['weights', 'x'],
    ['data.name', 'cifar10'],
    ['data.size', 32],
    ['data.augmentation', []],
    ['data.validation', 100],
    ['training.batchSize', 32],
    ['training.seed', 2],
    ['optimizer.rule', 'paper'],
    ['optimizer.multipliers.features', 0],
    ['claim', 'better'],
  ])('keeps its %s', async (key, value) => {
    await expect(trainSettings({}, { resume: folder, set: given({ [key]: value }) })).rejects.toMatchObject({
      code: 'usage',
      message: `--resume goes on with a run as it was started: --set ${key} cannot be given`,
    })
  })

  it.each([
    [{ name: 'shapes' }, {}, "the data set 'shapes'"],
    [{ name: 'pictures', directory: './mine' }, {}, "the data set './mine'"],
    [{}, { recipe: 'shapes' }, '--recipe'],
    [{}, { out: 'there' }, '--out'],
  ])('keeps its data set, recipe and folder: %j, %j', async (chosen, flags, refused) => {
    await expect(trainSettings(chosen, { resume: folder, ...flags })).rejects.toThrow(`${refused} cannot be given`)
  })

  it('lets go of its folder when a setting does not fit', async () => {
    const wrong = given({ 'schedule.drops': 2 })
    for (let time = 0; time < 2; time++)
      await expect(trainSettings({}, { resume: folder, set: wrong })).rejects.toThrow("has no key 'drops'")
  })
})

describe('a flag for a kind of augmentation', () => {
  const kindsOf = async (recipe: string | undefined, ...args: string[]) => {
    const { set } = trainCommand()
      .exitOverride()
      .action(() => {})
      .parse(args, { from: 'user' })
      .opts<TrainFlags>()
    const { augmentation } = (await trainSettings({ name: 'pictures' }, { recipe, set })).recipe.data
    return { augmentation, kinds: augmentation.map(({ kind }) => kind) }
  }

  it('puts it where it is usual', async () => {
    const all = ['--random-erasing', '--colour-jitter', '--rand-augment']
    expect((await kindsOf(undefined, ...all)).kinds).toEqual([
      'random-resized-crop',
      'mirror',
      'rand-augment',
      'colour-jitter',
      'colour-noise',
      'random-erasing',
    ])
  })

  it('puts it in place of what there is of the kind, and into no list at all', async () => {
    const chain =
      '--set=data.augmentation=[{kind: random-erasing, fill: random}, {kind: mirror}, {kind: random-erasing}]'
    const { augmentation, kinds } = await kindsOf(undefined, chain, '--random-erasing', '0.25')
    expect(kinds).toEqual(['random-erasing', 'mirror'])
    expect(augmentation[0]).toMatchObject({ probability: 0.25, fill: 'mean' })
    expect((await kindsOf(undefined, '--set=data.augmentation=', '--colour-jitter')).kinds).toEqual(['colour-jitter'])
  })
})
