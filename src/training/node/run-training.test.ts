import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { greyData } from '../../../tests/support/grey-pictures.js'
import { tinyFolder } from '../../../tests/support/tiny-pictures.js'
import { referenceEngine } from '../../engines/reference/reference-engine.js'
import { loadEvaluated } from '../../inference/node/load-evaluated.js'
import { defineModel } from '../../models/define-model.js'
import { buildModel } from '../../models/model-settings.js'
import { writeReport } from '../../report/node/write-report.js'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { readRecipe } from '../../runs/node/recipes.js'
import { runTraining } from './run-training.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-run-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const data = greyData(16, 8)
const model = defineModel({
  name: 'own',
  inputShape: [3, 8, 8],
  features: [
    { kind: 'conv2d', filters: 2, kernel: 3, stride: 2, weight: { initial: { kind: 'he' } } },
    { kind: 'relu' },
  ],
  classifier: [
    { kind: 'dropout', rate: 0.1 },
    { kind: 'linear', outputs: 2 },
  ],
})
const recipe = { training: { epochs: 4, batchSize: 4 }, optimizer: { rate: 0.01 } }
const computing = { engine: { engine: referenceEngine(), reason: 'test' }, workers: 0, threads: 1 }

describe('a run with a network and data of one’s own', () => {
  it('trains, writes recipe, checkpoints and report, and is told what it was made of', async () => {
    const out = join(folder, 'whole')
    const { test, run } = await runTraining({ model, data, recipe, out, ...computing, afterwards: writeReport })
    expect(run).toBe(out)
    expect(test).toMatchObject({ top1: 1, images: 8 })
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('own on grey')

    const written = await readFile(join(out, 'recipe.yaml'), 'utf8')
    expect(written).toContain('- { kind: relu }\n')
    expect(written).toContain('given: true')
    // The recipe builds the very network again.
    const read = await readRecipe(join(out, 'recipe.yaml'))
    expect(buildModel(read.model, { inputShape: [3, 8, 8], classes: 2 })).toEqual(model)
    expect((await readCheckpoint(out)).model).toEqual(model)
  })

  it('is resumed with the data given again, as if it had never stopped', async () => {
    const out = join(folder, 'resumed')
    await runTraining({
      model,
      data,
      recipe: { ...recipe, training: { ...recipe.training, epochs: 1 } },
      out,
      ...computing,
    })
    await runTraining({ resume: out, data, recipe: { training: { epochs: 4 } }, ...computing })
    const [resumed, whole] = [await readCheckpoint(out), await readCheckpoint(join(folder, 'whole'))]
    expect(resumed.state).toEqual(whole.state)
    expect(resumed.recipe).toEqual(whole.recipe)
  })

  it('writes the same bytes after a stop within an epoch, at a rate that was looked for', async () => {
    const augmentation = [{ kind: 'random-crop', padding: 1, size: 8 }] as const
    const settings = { ...recipe, data: { augmentation: [...augmentation] } }
    const files = ['last.safetensors', 'best.safetensors', 'recipe.yaml', 'metrics.jsonl']
    const written = (out: string) => Promise.all(files.map((file) => readFile(join(out, file))))
    const started = { model, data, recipe: settings, rate: 'auto', ...computing } as const
    const [straight, stopped] = [join(folder, 'straight'), join(folder, 'stopped')]
    await runTraining({ ...started, out: straight })
    const stop = new AbortController()
    await runTraining(
      { ...started, out: stopped, signal: stop.signal },
      { onStep: ({ progress }) => progress.step === 6 && stop.abort() },
    )
    expect(await written(stopped)).not.toEqual(await written(straight))
    const other = runTraining({ resume: stopped, data, recipe: { training: { accumulate: 3 } }, ...computing })
    await expect(other).rejects.toMatchObject({ code: 'invalid-setting', message: expect.stringContaining('got 3') })
    await runTraining({ resume: stopped, data, ...computing })
    expect(await written(stopped)).toEqual(await written(straight))
  })

  it('says what is missing where the data is not given again', async () => {
    const out = join(folder, 'whole')
    await expect(runTraining({ resume: out, ...computing })).rejects.toMatchObject({
      code: 'missing-data',
      message: 'the pictures of this run (grey) were given by a program, which alone can give them again',
      hint: expect.stringContaining('--data DIR'),
    })
    await expect(loadEvaluated(out, await readCheckpoint(out))).rejects.toMatchObject({ code: 'missing-data' })
    // The run is free again: it is not left locked.
    await runTraining({ resume: out, data, ...computing })
  })

  it('is measured by other pictures, whatever its own are called', async () => {
    const out = join(folder, 'called pictures')
    const named = { ...data, train: { ...data.train, name: 'pictures train' } }
    const short = { ...recipe, training: { ...recipe.training, epochs: 1 } }
    await runTraining({ model, data: named, recipe: short, out, ...computing })
    const directory = join(folder, 'greys')
    await tinyFolder(directory, { bright: [180, 180, 180], dark: [40, 40, 40] }, 2)
    const checkpoint = await readCheckpoint(out)
    for (const options of [{ directory }, { name: 'pictures', directory }])
      expect((await loadEvaluated(out, checkpoint, options)).dataset.labels).toEqual(Uint16Array.of(1, 1, 0, 0))
    await expect(loadEvaluated(out, checkpoint)).rejects.toMatchObject({ code: 'missing-data' })
  })

  it('goes on with what it was measured by alone', async () => {
    const other = { train: data.train, validation: data.test! }
    await expect(runTraining({ resume: join(folder, 'whole'), data: other, ...computing })).rejects.toMatchObject({
      code: 'incompatible-state',
      message: expect.stringContaining('was measured by test pictures, grey would measure it by validation pictures'),
    })
  })

  it('goes on with its own network alone', async () => {
    const failing = runTraining({ resume: join(folder, 'whole'), data, model, ...computing })
    await expect(failing).rejects.toMatchObject({ code: 'invalid-setting', message: expect.stringContaining('(own)') })
  })

  it('refuses what does not fit together, in a line, before there is a folder', async () => {
    const out = join(folder, 'wrong')
    const three = { ...data.train, classes: ['a', 'b', 'c'] }
    const cases = [
      [{ data: { train: three, test: three } }, 'own ends in 2 outputs, expected one for each of 3 classes'],
      [{ data: { train: three, test: data.test } }, 'grey test has the classes dark, bright, expected those of'],
      [{ data: { train: data.train } }, 'no pictures to evaluate'],
      [{ recipe: { ...recipe, weights: 'runs/a' } }, 'the recipe begins with the weights runs/a, expected these'],
      [{ recipe: { ...recipe, model: { name: 'alexnet' } } }, 'given twice: own, and alexnet in the recipe'],
      [{ recipe: { ...recipe, data: { size: 9 } } }, 'own takes pictures of 3×8×8, the recipe makes 3×9×9 of them'],
      [{ recipe: { optimizer: { rate: 0.01 } } }, 'the recipe: training: expected'],
    ] as const
    for (const [change, message] of cases) {
      const failing = runTraining({ model, data, recipe, out, ...computing, ...change })
      await expect(failing, message).rejects.toMatchObject({ message: expect.stringContaining(message) })
    }
    await expect(readFile(join(out, 'recipe.yaml'))).rejects.toThrow()
  })
})

it('trains a network of the catalogue on data of one’s own, in a run named after both', async () => {
  const here = process.cwd()
  process.chdir(folder)
  try {
    const named = { ...data, train: { ...data.train, name: 'my scans/1 train' } }
    const settings = { ...recipe, model: { name: 'alexnet-cifar', width: 1 / 64 }, data: { size: 32 } }
    const short = { ...settings, training: { epochs: 1, batchSize: 16 } }
    const { run } = await runTraining({ data: named, recipe: short, ...computing })
    expect(run).toBe(join('runs', 'my-scans-1-alexnet-cifar-1'))
  } finally {
    process.chdir(here)
  }
})
