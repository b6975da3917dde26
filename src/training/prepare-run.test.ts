import { describe, expect, it } from 'vitest'
import { memoryReader } from '../data/pictures.js'
import { shapes } from '../data/shapes.js'
import { checkRecipe, type Recipe } from '../runs/recipe.js'
import { recipeData } from '../runs/recipe-data.js'
import { classWeights } from './class-weights.js'
import { prepareRun, type RunParts } from './prepare-run.js'

const parts = shapes({ seed: 1, train: 20, test: 10 })

const recipeOf = (settings: Partial<Record<'schedule' | 'data' | 'training' | 'loss', object>> = {}): Recipe =>
  checkRecipe(
    {
      model: { name: 'alexnet-cifar', width: 1 / 16 },
      optimizer: { rate: 0.01, multipliers: { features: 0 } },
      ...settings,
      training: { epochs: 2, batchSize: 8, ...settings.training },
      data: { name: 'shapes', ...settings.data },
    },
    'recipe',
  )

/** How often pictures were opened, and closed again. */
function counted() {
  const counts = { opened: 0, closed: 0 }
  const open: RunParts['open'] = ({ pictures, name }) => {
    counts.opened++
    return { read: memoryReader(pictures, name), close: () => void counts.closed++ }
  }
  return { counts, open }
}

describe('prepareRun', () => {
  it('builds a network for the pictures, and measures these', async () => {
    const { counts, open } = counted()
    const run = await prepareRun({ ...recipeData(recipeOf(), parts), open })
    expect(run.model).toMatchObject({ name: 'alexnet-cifar', classes: 10, inputShape: [3, 32, 32] })
    expect(run.preprocessing.normalisation.kind).toBe('channel')
    expect(run.progress).toMatchObject({ epoch: 0, step: 0 })
    expect([run.evaluationPart, run.evaluated.labels.length]).toEqual(['test', 10])
    expect(counts).toEqual({ opened: 1, closed: 1 })
  })

  it('evaluates on the pictures that are held out', async () => {
    const { recipe, data } = recipeData(recipeOf({ data: { validation: 0.25 } }), parts)
    expect(recipe.data.validation).toBe(5)
    const run = await prepareRun({ recipe, data, open: counted().open })
    expect([run.evaluationPart, run.evaluated.labels.length, run.data.train.labels.length]).toEqual([
      'validation',
      5,
      15,
    ])
  })

  it('weighs the classes by the pictures that are left to learn from', async () => {
    const loss = { labelSmoothing: 0.1, classWeights: 'balanced' }
    const { recipe, data } = recipeData(recipeOf({ data: { validation: 0.25 }, loss }), parts)
    const run = await prepareRun({ recipe, data, open: counted().open })
    expect(run.loss).toEqual({ labelSmoothing: 0.1, classWeights: classWeights('balanced', data.train) })
    const misspelt = recipeOf({ loss: { classWeights: { trianlge: 2 } } })
    await expect(prepareRun({ recipe: misspelt, data: parts, open: counted().open })).rejects.toMatchObject({
      code: 'unknown-name',
      hint: expect.stringContaining("Did you mean 'triangle'?"),
    })
  })

  it('weighs classes of its own pictures, not those of the network that it begins with', async () => {
    const { open } = counted()
    const weights = await prepareRun({ ...recipeData(recipeOf(), parts), open })
    const two = { ...parts.train, classes: ['a', 'b'], labels: parts.train.labels.map((label) => label % 2) }
    const run = { data: { train: two, test: two }, open, weights }
    const { loss } = await prepareRun({ ...run, recipe: recipeOf({ loss: { classWeights: { b: 3 } } }) })
    expect(loss.classWeights).toEqual([1, 3])
    const ofBefore = recipeOf({ loss: { classWeights: { [parts.train.classes[0]]: 3 } } })
    await expect(prepareRun({ ...run, recipe: ofBefore })).rejects.toThrow('shapes train has no class')
  })

  it('begins with a trained network: its pictures as it knows them, its last layer new for other classes', async () => {
    const { open } = counted()
    const weights = await prepareRun({ ...recipeData(recipeOf(), parts), open })
    const mean = { kind: 'channel', mean: [1, 2, 3], deviation: [4, 5, 6] } as const
    const two = { ...parts.train, classes: ['a', 'b'], labels: parts.train.labels.map((label) => label % 2) }
    const run = await prepareRun({
      recipe: recipeOf(),
      data: { train: two, test: two },
      open,
      weights: { ...weights, preprocessing: { ...weights.preprocessing, normalisation: mean } },
    })
    expect(run.preprocessing.normalisation).toEqual(mean)
    expect(run.model.classes).toBe(2)
    expect(run.state['features.0.weight']).toBe(weights.state['features.0.weight'])
    expect(run.head).toBeDefined()
  })

  it('refuses a warm-up that is longer than the run, but not where the run was begun with it', async () => {
    const { open } = counted()
    const schedule = { kind: 'constant', warmup: 3 }
    const long = recipeData(recipeOf({ schedule }), parts)
    await expect(prepareRun({ ...long, open })).rejects.toThrow(
      'the warm-up of 3 epochs (schedule.warmup) is longer than the run of 2 (training.epochs)',
    )
    const before = await prepareRun({ ...recipeData(recipeOf(), parts), open })
    const resumed = (recipe: Recipe) => ({ checkpoint: { ...before, recipe }, name: 'the run', hint: 'hint' })
    await expect(prepareRun({ ...long, open, resumed: resumed(before.recipe) })).rejects.toThrow('longer than the run')
    expect((await prepareRun({ ...long, open, resumed: resumed(long.recipe) })).recipe.schedule).toEqual(schedule)
  })

  describe('of a run that goes on', () => {
    const resumedWith = async (schedule: object, later = schedule) => {
      const { open } = counted()
      const before = await prepareRun({ ...recipeData(recipeOf({ schedule }), parts), open })
      const checkpoint = { ...before, progress: { ...before.progress, epoch: 1, step: 2, endedBySchedule: true } }
      const { counts, open: again } = counted()
      const run = await prepareRun({
        ...recipeData(recipeOf({ schedule: later }), parts),
        open: again,
        resumed: { checkpoint, name: 'the run', hint: 'hint' },
      })
      return { run, checkpoint, counts }
    }

    it('takes over what its checkpoint has, and does not look at the pictures', async () => {
      const { run, checkpoint, counts } = await resumedWith({ kind: 'constant' })
      expect([run.model, run.state, run.preprocessing]).toEqual([
        checkpoint.model,
        checkpoint.state,
        checkpoint.preprocessing,
      ])
      expect(run.progress).toEqual(checkpoint.progress)
      expect(counts.opened).toBe(0)
    })

    it('goes on with more patience, or none, where patience has ended it, and with less ends at once', async () => {
      const { open } = counted()
      const before = await prepareRun({ ...recipeData(recipeOf({ training: { patience: 2 } }), parts), open })
      expect(before.evaluationPart).toBe('validation')
      const best = { loss: 1, epoch: 1, part: 'validation' } as const
      const checkpoint = { ...before, progress: { ...before.progress, epoch: 3, best, endedByPatience: true } as const }
      const endedWith = async (patience: number | undefined) => {
        // What is given changes the run's own settings, which say how many pictures are held out.
        const recipe = { ...before.recipe, training: { ...before.recipe.training, patience } }
        const resumed = { checkpoint, name: 'the run', hint: 'hint' }
        return (await prepareRun({ ...recipeData(recipe, parts), open, resumed })).progress.endedByPatience
      }
      expect(await Promise.all([1, 2, 3, undefined].map(endedWith))).toEqual([true, true, undefined, undefined])
    })

    it.each([
      ['a plateau schedule', { schedule: { kind: 'plateau' } }],
      ['patience', { training: { patience: 3 } }],
    ])('has no use for %s without validation pictures', async (follower, settings) => {
      const { open } = counted()
      const checkpoint = await prepareRun({ ...recipeData(recipeOf(), parts), open })
      const resumed = { checkpoint, name: 'the run', hint: 'hint' }
      const message = `${follower} follows the validation loss, and this run has held out no validation pictures`
      const later = recipeOf(settings)
      await expect(prepareRun({ ...recipeData(later, parts), open, resumed })).rejects.toThrow(message)
      // Files of a run keep the parts that they had.
      await expect(prepareRun({ recipe: later, data: parts, open, resumed })).rejects.toThrow(message)
      // A part of their own is as good as one that is held out.
      const own = { train: parts.train, validation: parts.test }
      const measured = await prepareRun({ ...recipeData(recipeOf(), own), open })
      const going = { checkpoint: measured, name: 'the run', hint: 'hint' }
      await expect(prepareRun({ ...recipeData(later, own), open, resumed: going })).resolves.toBeDefined()
    })

    it('goes on under another schedule where its own has ended it', async () => {
      const { run } = await resumedWith({ kind: 'constant' }, { kind: 'cosine' })
      expect(run.progress).toMatchObject({ epoch: 1, step: 2, endedBySchedule: false })
    })

    it('takes names that are composed in another way for the same', async () => {
      const { open } = counted()
      const named = (first: string) => {
        const { recipe, data } = recipeData(recipeOf(), parts)
        return { recipe, data: { ...data, train: { ...data.train, classes: [first, ...data.train.classes.slice(1)] } } }
      }
      const checkpoint = await prepareRun({ ...named('cafe\u0301'), open })
      const resumed = { checkpoint, name: 'the run', hint: 'hint' }
      await expect(prepareRun({ ...named('caf\u00e9'), open, resumed })).resolves.toMatchObject({
        model: checkpoint.model,
      })
    })

    it('refuses pictures of other classes', async () => {
      const { open } = counted()
      const { recipe, data } = recipeData(recipeOf(), parts)
      const checkpoint = { ...(await prepareRun({ recipe, data, open })), classes: ['cat', 'dog'] }
      await expect(
        prepareRun({ recipe, data, open, resumed: { checkpoint, name: 'the run', hint: 'hint' } }),
      ).rejects.toThrow('the run tells 2 classes apart (cat, …), shapes train has 10 (')
    })
  })
})
