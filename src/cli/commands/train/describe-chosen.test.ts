import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { buildModel } from '../../../models/model-settings.js'
import { recipeSchema } from '../../../runs/recipe.js'
import { pathOf } from '../../../settings/key.js'
import { adviceFor, countsOf, describeChosen } from './describe-chosen.js'
import { trainSettings } from './settings.js'

const folder = await mkdtemp(join(tmpdir(), 'alexnet-chosen-'))
afterAll(() => rm(folder, { recursive: true }))

/** A folder of two classes, of pictures of 60×40 each of another grey. */
for (const [name, count] of [
  ['cat', 5],
  ['dog', 3],
] as const) {
  await mkdir(join(folder, 'icons', name), { recursive: true })
  for (let n = 0; n < count; n++)
    await sharp({ create: { width: 60, height: 40, channels: 3, background: { r: n, g: n, b: n } } })
      .png()
      .toFile(join(folder, 'icons', name, `${n}.png`))
}

async function chosenFor(settings: Readonly<Record<string, unknown>> = {}, recipe?: string) {
  const set = Object.entries(settings).map(([key, value]) => ({ flag: key, path: pathOf(recipeSchema, key), value }))
  return trainSettings({ name: 'pictures', directory: join(folder, 'icons') }, { recipe, set })
}

async function lineFor(settings: Readonly<Record<string, unknown>> = {}) {
  const { fitted, recipe } = await chosenFor(settings)
  const task = { inputShape: [3, recipe.data.size!, recipe.data.size!], classes: 2 }
  return describeChosen(fitted!, { recipe, model: buildModel(recipe.model, task) })
}

it('says what was chosen for a folder, and why', async () => {
  expect(await lineFor()).toBe(
    'for 8 pictures of 2 classes, about 60×40: alexnet-cifar at half width on 40×40 (the pictures are small), 60 epochs (the pictures are very few), batches of 16, 20 % held out',
  )
})

it('says no reason for what a person has set', async () => {
  expect(await lineFor({ 'data.size': 48, 'training.epochs': 3, 'model.width': 0.25, 'data.validation': 2 })).toBe(
    'for 8 pictures of 2 classes, about 60×40: alexnet-cifar at width 0.25 on 48×48, 3 epochs, batches of 16, 2 held out',
  )
})

it('a network that is asked for keeps its own pictures, and learns as long as the folder wants', async () => {
  const { recipe, fitted } = await chosenFor({ 'model.name': '18pct' })
  expect([recipe.model.name, recipe.data.size, recipe.training.minimumSteps]).toEqual(['18pct', 32, 300])
  expect(fitted!.chosen.map(({ key }) => key)).toEqual(['training.minimumSteps'])
})

it('a recipe that is asked for is taken as it is', async () => {
  const { recipe, fitted } = await chosenFor({}, 'pictures')
  expect([fitted, recipe.model.name, recipe.data.size]).toEqual([undefined, 'alexnet', 256])
})

it('tells --json the folder, and advises a command that can be copied', async () => {
  const { fitted } = await chosenFor()
  expect(countsOf(fitted!.facts)).toEqual({
    ...{ pictures: 8, classes: 2, smallestClass: 3, largestClass: 5 },
    ...{ width: 60, height: 40 },
  })
  expect(adviceFor({ ...fitted!, directory: 'my photos' })).toContain("train 'my photos' --weights torchvision")
})
