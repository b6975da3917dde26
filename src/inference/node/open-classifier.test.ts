import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyFolder } from '../../../tests/support/tiny-pictures.js'
import { referenceEngine } from '../../engines/reference/reference-engine.js'
import { defineModel } from '../../models/define-model.js'
import { initialState } from '../../models/initial-state.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import { encodeCheckpoint } from '../../runs/checkpoint.js'
import { freshProgress } from '../../runs/progress.js'
import { checkRecipe } from '../../runs/recipe.js'
import { openClassifier } from './open-classifier.js'

const model = defineModel({ name: 'own', inputShape: [3, 8, 8], classifier: [{ kind: 'linear', outputs: 3 }] })
const checkpoint: Checkpoint = {
  model,
  classes: ['red', 'green', 'blue'],
  preprocessing: {
    size: 8,
    normalisation: { kind: 'channel', mean: [120, 120, 120], deviation: [60, 60, 60] },
    augmentation: [],
  },
  recipe: checkRecipe(
    { model: { name: 'own' }, data: { name: 'own' }, training: { epochs: 1 }, optimizer: { rate: 0.01 } },
    'test',
  ),
  progress: freshProgress,
  state: initialState(model, 1),
}
const engine = referenceEngine()
const open = (options = {}) => openClassifier(checkpoint, { engine, ...options })

let folder: string
const at = (name: string) => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-classifier-'))
  await tinyFolder(at('pictures'), { dark: [20, 20, 20], light: [180, 180, 180] }, 20)
  await writeFile(at('bad.png'), 'no picture')
  await writeFile(at('own.safetensors'), Buffer.concat(encodeCheckpoint(checkpoint)))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('openClassifier', () => {
  it('says the same of a path, of its bytes, of the folder that it lies in, and of a checkpoint’s file', async () => {
    await using net = await open()
    await using read = await openClassifier(at('own.safetensors'), { engine: 'reference' })
    const file = at('pictures/dark/0.png')
    const [{ top, ...named }] = await net.predict(file)
    expect(named).toEqual({ file })
    expect(top.map(({ label }) => label).sort()).toEqual(['blue', 'green', 'red'])
    expect(await net.predict(await readFile(file))).toEqual([{ file: 'picture 1', top }])
    expect(await read.predict(file)).toEqual([{ file, top }])
    const all = await net.predict(at('pictures'))
    expect(all).toHaveLength(40)
    expect(all[0]).toEqual({ file, top })
    expect([net.classes, read.classes]).toEqual([checkpoint.classes, checkpoint.classes])
  })

  it('takes several in their order, in batches of any size, and tells as many classes as asked', async () => {
    await using net = await open()
    await using small = await open({ batchSize: 3 })
    const inputs = [at('pictures/light'), await readFile(at('pictures/dark/3.png')), at('pictures/dark/1.png')]
    const seen = await net.predict(inputs, { top: 1 })
    expect(seen.map(({ file }) => file).slice(19)).toEqual([
      at('pictures/light/9.png'),
      'picture 2',
      at('pictures/dark/1.png'),
    ])
    expect(seen.every(({ top }) => top.length === 1)).toBe(true)
    expect(await small.predict(inputs, { top: 1 })).toEqual(seen)
  })

  it('answers calls that overlap as if they came one after the other', async () => {
    await using net = await open()
    const files = [0, 1, 2, 3].map((n) => at(`pictures/light/${n}.png`))
    const together = await Promise.all(files.map((file) => net.predict(file)))
    expect(together.flat()).toEqual(await net.predict(files))
  })

  it('says what cannot be read, or leaves it out and tells so', async () => {
    await using net = await open()
    const files = [at('bad.png'), at('nowhere.png'), at('pictures/dark/0.png')]
    await expect(net.predict(files)).rejects.toMatchObject({ message: expect.stringContaining(at('bad.png')) })
    const left: string[] = []
    const seen = await net.predict(files, { onUnreadable: ({ name }) => left.push(name) })
    expect([seen.length, ...left]).toEqual([1, at('bad.png'), at('nowhere.png')])
    await expect(net.predict([])).rejects.toMatchObject({ code: 'missing-data' })
    await expect(net.predict(at('pictures/dark/0.png'), { top: 0 })).rejects.toMatchObject({ code: 'invalid-setting' })
  })

  it('answers what was asked before it is closed, and nothing later', async () => {
    const net = await open()
    const asked = net.predict(at('pictures'))
    await net.close()
    expect(await asked).toHaveLength(40)
    await expect(net.predict(at('pictures'))).rejects.toMatchObject({ message: expect.stringContaining('closed') })
    await net.close()
  })

  it('says what is wrong with a run or a setting in a line', async () => {
    await expect(openClassifier(at('none'))).rejects.toMatchObject({ code: 'missing-data' })
    await expect(open({ batchSize: 0 })).rejects.toMatchObject({ code: 'invalid-setting' })
    await expect(openClassifier(checkpoint, { engine: 'onx' })).rejects.toMatchObject({ code: 'unknown-name' })
  })
})
