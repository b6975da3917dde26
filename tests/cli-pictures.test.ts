import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toInterleaved } from '../src/data/image.js'
import { memoryReader } from '../src/data/pictures.js'
import { shapes } from '../src/data/shapes.js'
import { decodeCheckpoint } from '../src/runs/checkpoint.js'
import { alexnet, start } from './support/cli.js'
import { tinyFolder } from './support/tiny-pictures.js'

/** Small pictures and a small net; the kinds of augmentation that photographs get. */
const recipe = `
model: {name: alexnet-cifar, width: 0.0625, initial: he}
data:
  name: pictures
  size: 36
  augmentation:
    - {kind: random-resized-crop, size: 32}
    - {kind: mirror}
    - {kind: colour-noise}
  validation: 0.25
training: {epochs: 3, batchSize: 8}
optimizer: {rate: 0.005}
`

let folder: string
let pictures: string
const at = (name: string) => join(folder, name)
/** One thread, and no report: reports have tests of their own. */
const quick = ['--threads', '1', '--no-report']
const train = (...args: string[]) => ['train', pictures, '--recipe', at('recipe.yaml'), ...quick, ...args]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-own-'))
  pictures = at('my pictures')
  await writeFile(at('recipe.yaml'), recipe)
  const parts = shapes({ seed: 1, train: 240, test: 60 })
  const encoded = { 'circle ●': 'jpg', ring: 'png', square: 'webp' } as const
  const names = Object.keys(encoded) as (keyof typeof encoded)[]
  for (const [part, dataset] of [
    ['train', parts.train],
    ['val', parts.test],
  ] as const) {
    const read = memoryReader(dataset.pictures, dataset.name)
    for (const name of names) await mkdir(join(pictures, part, name), { recursive: true })
    for (const [n, label] of dataset.labels.entries()) {
      if (label > 2) continue
      const name = names[label]
      await sharp(toInterleaved(read(n)), { raw: { width: 32, height: 32, channels: 3 } })
        .resize(60 + (n % 7), 50, { fit: 'fill' })
        .toFile(join(pictures, part, name, `${n}.${encoded[name]}`))
    }
  }
  await writeFile(join(pictures, 'train', 'ring', 'broken.png'), 'no picture')
  const { code, stderr } = await alexnet(...train('--out', at('whole')))
  expect(stderr).toBe('')
  expect(code).toBe(0)
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const metricsOf = (run: string) => readFile(join(run, 'metrics.jsonl'), 'utf8')
const checkpointOf = async (run: string) => decodeCheckpoint(await readFile(join(run, 'last.safetensors')), run)
const stateOf = async (run: string) => {
  const { state, progress } = await checkpointOf(run)
  return { progress, state: Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, [...data]])) }
}

describe('training on a folder of pictures', () => {
  it('tells what it has found, and keeps it with the run', async () => {
    const { stdout } = await alexnet(...train('--epochs', '1', '--out', at('told')))
    expect(stdout).toContain('72 pictures, 18 for validation, 3 classes, seen as 32×32')
    expect(stdout).toMatch(/1 file is left out:\n\s+train\/ring\/broken\.png: /)
    const report = JSON.parse(await readFile(join(at('told'), 'data.json'), 'utf8'))
    expect(report).toMatchObject({ path: pictures, classes: ['circle ●', 'ring', 'square'] })
    expect(report.counts).toEqual({ train: [24, 24, 24], validation: [6, 6, 6] })
    const { classes, preprocessing } = await checkpointOf(at('told'))
    expect(classes).toEqual(['circle ●', 'ring', 'square'])
    expect(preprocessing.augmentation[2]).toMatchObject({ kind: 'colour-noise', eigenvalues: expect.any(Array) })
  })

  it('is an error with --strict, before there is a run', async () => {
    const { code, stderr } = await alexnet(...train('--strict', '--out', at('strict')))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^alexnet: .*broken\.png: .*\n.*--strict/)
    expect(await readdir(folder)).not.toContain('strict')
  })

  it.each(['disk', 'none', 'memory --workers 2'])('gives the same run with --cache %s', async (how) => {
    const run = at(how)
    const { code } = await alexnet(...train('--cache', ...how.split(' '), '--out', run))
    expect(code).toBe(0)
    expect(await metricsOf(run)).toBe(await metricsOf(at('whole')))
    expect(await stateOf(run)).toEqual(await stateOf(at('whole')))
  })

  it.each(['memory', 'none'])('goes on exactly after kill -9, with --cache %s', async (cache) => {
    const killed = at(`killed ${cache}`)
    const { child, shown, finished } = start(train('--cache', cache, '--out', killed))
    await shown('epoch 1/3  loss')
    child.kill('SIGKILL')
    await finished
    expect(await metricsOf(killed)).not.toBe(await metricsOf(at('whole')))
    // The folder is known from the run.
    const { code, stderr } = await alexnet('train', '--resume', killed, ...quick, '--cache', cache)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(await metricsOf(killed)).toBe(await metricsOf(at('whole')))
    expect(await stateOf(killed)).toEqual(await stateOf(at('whole')))
  })

  it('splits a folder of one level', async () => {
    const own = ['train', join(pictures, 'train'), '--recipe', at('recipe.yaml'), ...quick, '--epochs', '1']
    const { code } = await alexnet(...own, '--val-fraction', '0.5', '--out', at('split'))
    expect(code).toBe(0)
    const { recipe: resolved } = await checkpointOf(at('split'))
    // A share: other pictures may come.
    expect(resolved.data.validation).toBe(0.5)
    const { stdout } = await alexnet('evaluate', at('split'), '--json')
    const last = JSON.parse((await metricsOf(at('split'))).trim().split('\n').at(-1)!)
    expect(JSON.parse(stdout)).toMatchObject({ part: 'validation', images: last.validation.images })
    expect(last.validation.images).toBeGreaterThan(20)
    expect(last.validation.images).toBeLessThan(52)
    expect(JSON.parse(stdout).loss).toBeCloseTo(last.validation.loss, 5)
    const none = await alexnet(...own, '--val-fraction', '0', '--out', at('unsplit'))
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no pictures to evaluate') })
    expect(await readdir(folder)).not.toContain('unsplit')
  })

  it('follows links out of the folder with --follow-links, and goes on following them', async () => {
    const [linked, run] = [at('linked'), at('linked run')]
    await mkdir(linked)
    for (const name of ['ring', 'square']) await symlink(join(pictures, 'val', name), join(linked, name))
    const own = ['train', linked, '--recipe', at('recipe.yaml'), ...quick, '--epochs', '1', '--out', run]
    const refused = await alexnet(...own)
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/leads out of the folder.*\n.*--follow-links/),
    })
    expect((await alexnet(...own, '--follow-links')).code).toBe(0)
    expect((await alexnet('train', '--resume', run, ...quick, '--epochs', '2')).code).toBe(0)
    expect((await alexnet('evaluate', run)).code).toBe(0)
    expect((await alexnet('evaluate', at('whole'), linked)).stderr).toContain('--follow-links')
    expect((await alexnet('evaluate', at('whole'), linked, '--follow-links')).code).toBe(0)
  })

  it('evaluates on another folder by the names of its classes', async () => {
    const other = at('other')
    await cp(join(pictures, 'val', 'square'), join(other, 'square'), { recursive: true })
    await cp(join(pictures, 'val', 'ring'), join(other, 'ring'), { recursive: true })
    const { stdout, code } = await alexnet('evaluate', at('whole'), other, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ images: 12, part: 'train' })
    await rename(join(other, 'ring'), join(other, 'rings'))
    const wrong = await alexnet('evaluate', at('whole'), other)
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("has the class 'rings'") })
  })

  it('says so when the pictures have gone, or have other classes', async () => {
    const moved = at('moved')
    await cp(pictures, moved, { recursive: true })
    const run = at('moved run')
    await alexnet('train', moved, '--recipe', at('recipe.yaml'), ...quick, '--epochs', '1', '--out', run)
    await rm(join(moved, 'train', 'ring'), { recursive: true })
    await rm(join(moved, 'val', 'ring'), { recursive: true })
    const fewer = await alexnet('train', '--resume', run, '--epochs', '2')
    expect(fewer).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/learns the class 'ring', of which moved has no picture/),
    })
    await rm(moved, { recursive: true })
    const gone = await alexnet('train', '--resume', run, '--epochs', '2')
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot read .*moved/) })
  })
})

describe('a folder that changes', () => {
  const losses = async (run: string) => (await metricsOf(run)).split('\n').filter((line) => line.includes('validation'))
  const evaluated = async (...args: string[]) => {
    const { code, stdout, stderr } = await alexnet('evaluate', ...args, '--json', '--threads', '1')
    return { code, stderr, ...(code === 0 && JSON.parse(stdout)) }
  }
  /** A new folder of pictures and a run of one epoch on it. */
  async function begun(name: string) {
    const [own, run] = [at(name), at(`${name} run`)]
    await tinyFolder(own, { red: [150, 20, 20], green: [20, 150, 20] }, 20)
    const { code } = await alexnet(
      ...['train', own, '--recipe', at('recipe.yaml'), ...quick],
      '--epochs',
      '1',
      '--out',
      run,
    )
    expect(code).toBe(0)
    return { own, run }
  }
  const grow = (own: string) => tinyFolder(own, { red: [150, 20, 20], green: [20, 150, 20], blue: [20, 20, 150] }, 30)

  it('goes on with its own pictures, bit for bit, whatever was added or renamed', async () => {
    const { own, run } = await begun('grown')
    const untouched = at('untouched run')
    await cp(run, untouched, { recursive: true })
    const before = await evaluated(run)
    expect((await alexnet('train', '--resume', untouched, ...quick, '--epochs', '2')).stdout).not.toContain(
      'have changed',
    )
    await grow(own)
    await rename(join(own, 'red', '0.png'), join(own, 'red', 'zero.png'))
    const changes = 'the pictures have changed since the run began: 50 new, which are left aside, 1 renamed'
    const after = await evaluated(run)
    expect(after).toEqual({ ...before, stderr: `warning: ${changes}\n` })
    const { code, stdout } = await alexnet('train', '--resume', run, ...quick, '--epochs', '2')
    expect(code).toBe(0)
    expect(stdout).toContain(changes)
    expect(await metricsOf(run)).toBe(await metricsOf(untouched))
    expect(await stateOf(run)).toEqual(await stateOf(untouched))
    expect(await losses(run)).toHaveLength(2)
  })

  it('of a copy of the folder, only what it has not learnt from is measured', async () => {
    const { own, run } = await begun('copied')
    const copy = at('a copy')
    await cp(own, copy, { recursive: true })
    const before = await evaluated(run)
    expect(await evaluated(run, copy)).toMatchObject({
      ...{ images: before.images, loss: before.loss },
      stderr: expect.stringMatching(/^warning: \d+ of the 40 pictures of a copy train are left aside/),
    })
    const lines = (await readFile(join(run, 'pictures.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const { part, name } of lines) if (part === 'validation') await rm(join(copy, name))
    expect(await evaluated(run, copy)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has learnt from all'),
    })
  })

  it('a run of before, which has no list of its pictures, keeps its split and says what has changed', async () => {
    const { own, run } = await begun('before')
    // What such a run is split by: a number, and the pictures' places.
    await rm(join(run, 'pictures.jsonl'))
    const quiet = await evaluated(run)
    expect(quiet).toMatchObject({ code: 0, stderr: '', images: 10 })
    await grow(own)
    await rm(join(own, 'blue'), { recursive: true })
    expect((await evaluated(run)).stderr).toMatch(/changed since the run began, and it is of an earlier version/)
  })

  it('knows its own folder by whatever path', async () => {
    const { own, run } = await begun('known')
    await rm(join(run, 'pictures.jsonl'))
    const before = await evaluated(run)
    await symlink(own, at('a link to it'))
    for (const path of [relative(process.cwd(), own), `${own}/`, at('a link to it')])
      expect(await evaluated(run, path, '--part', 'validation')).toEqual(before)
    await cp(own, at('another'), { recursive: true })
    expect(await evaluated(run, at('another'))).toMatchObject({
      images: 40,
      stderr: expect.stringMatching(/^warning: no list tells which pictures of .* the network has learnt from/),
    })
  })

  it('a guess at the split of a run of before does not become what is known', async () => {
    const { own, run } = await begun('guessed')
    await rm(join(run, 'pictures.jsonl'))
    const scan = await readFile(join(run, 'data.json'), 'utf8')
    await tinyFolder(own, { red: [150, 20, 20], green: [20, 150, 20] }, 22)
    const { code, stdout } = await alexnet('train', '--resume', run, ...quick, '--epochs', '2')
    expect(code).toBe(0)
    expect(stdout).toContain('it is of an earlier version that kept no list')
    expect(await readFile(join(run, 'data.json'), 'utf8')).toBe(scan)
    expect(await readdir(run)).not.toContain('pictures.jsonl')
    expect((await evaluated(run)).stderr).toMatch(/kept no list/)
  })

  it('does not go on when all pictures of a part have gone', async () => {
    const [own, run] = [at('three parts'), at('three parts run')]
    const colours = { red: [150, 20, 20], green: [20, 150, 20] }
    for (const [n, part] of ['train', 'val', 'test'].entries()) await tinyFolder(join(own, part), colours, 8, 100 * n)
    const begin = ['train', own, '--recipe', at('recipe.yaml'), ...quick, '--epochs', '1', '--out', run]
    expect((await alexnet(...begin)).code).toBe(0)
    await rm(join(own, 'val'), { recursive: true })
    const gone = {
      code: 1,
      stderr: expect.stringMatching(
        /is measured by validation pictures, and three parts has none of them any more\n.*--data/,
      ),
    }
    const again = ['train', '--resume', run, ...quick, '--epochs', '2']
    expect(await alexnet(...again)).toMatchObject(gone)
    await rm(join(run, 'pictures.jsonl'))
    expect(await alexnet(...again)).toMatchObject(gone)
  })

  it('fine-tuning is not measured by what the weights have learnt from', async () => {
    const { own, run } = await begun('twice')
    const partOf = async (path: string, wanted: string) => {
      const lines = (await readFile(join(path, 'pictures.jsonl'), 'utf8')).trim().split('\n')
      const all = lines.map((line) => JSON.parse(line))
      return all.filter(({ part }) => part === wanted).map(({ content }): string => content)
    }
    const learnt = new Set(await partOf(run, 'train'))
    const tune = ['train', '--recipe', at('recipe.yaml'), ...quick, '--epochs', '1', '--weights', run, '--seed', '2']
    expect(await alexnet(...tune, own, '--out', at('tuned twice'))).toMatchObject({ code: 0, stderr: '' })
    const heldOut = await partOf(at('tuned twice'), 'validation')
    expect(heldOut.length).toBeGreaterThan(3)
    expect(heldOut.filter((content) => learnt.has(content))).toEqual([])

    const parts = at('with parts')
    await cp(own, join(parts, 'train'), { recursive: true })
    await cp(own, join(parts, 'val'), { recursive: true })
    const { code, stdout, stderr } = await alexnet(...tune, parts, '--out', at('tuned with parts'))
    expect(code).toBe(0)
    expect(stdout + stderr).toContain(
      `the weights have learnt from ${learnt.size} of the 40 pictures of with parts validation`,
    )
    await rm(join(run, 'pictures.jsonl'))
    const unknown = await alexnet(...tune, own, '--out', at('tuned without a list'))
    expect(unknown.stdout).toMatch(/no list tells which pictures of .*twice the network has learnt from/)
  })

  it('says so when the list is damaged', async () => {
    const { run } = await begun('damaged')
    await writeFile(join(run, 'pictures.jsonl'), '{"part":"train"\n')
    expect(await evaluated(run)).toMatchObject({ code: 1, stderr: expect.stringMatching(/pictures\.jsonl is damaged/) })
  })
})

describe('fine-tuning', () => {
  it('replaces the last layer for other classes, and leaves what is frozen', async () => {
    const base = at('base')
    await tinyFolder(at('two colours'), { red: [150, 20, 20], green: [20, 150, 20] }, 16)
    const colours = ['train', at('two colours'), '--recipe', at('recipe.yaml'), ...quick, '--epochs', '1']
    expect((await alexnet(...colours, '--out', base)).stderr).toBe('')
    const tuned = ['train', pictures, '--weights', base, '--epochs', '1', '--freeze', 'features', ...quick]
    const { code, stdout, stderr } = await alexnet(...tuned, '--batch-size', '8', '--out', at('tuned'))
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('classifier.6 begins anew for these 3 classes')
    expect(stdout).toMatch(/frozen features\.0\.weight, features\.0\.bias/)
    const [before, after] = [await checkpointOf(base), await checkpointOf(at('tuned'))]
    expect(after.preprocessing.normalisation).toEqual(before.preprocessing.normalisation)
    for (const [name, { data, shape }] of Object.entries(after.state)) {
      if (name.startsWith('velocity:')) expect(name).not.toContain('features')
      else if (name.startsWith('features.')) expect(data).toEqual(before.state[name].data)
      else expect(data).not.toEqual(before.state[name].data)
      if (name === 'classifier.6.weight') expect(shape[0]).toBe(3)
    }
  })

  it('takes a network for the same classes over as a whole', async () => {
    const settings = train('--weights', at('whole'), '--epochs', '1', '--lr', '1e-12', '--weight-decay', '0')
    const { stdout } = await alexnet(...settings, '--out', at('over'))
    expect(stdout).toContain('taken over as a whole')
    // Of a run with validation pictures the best checkpoint is taken.
    const before = decodeCheckpoint(await readFile(join(at('whole'), 'best.safetensors')), 'best')
    const after = await checkpointOf(at('over'))
    after.state['classifier.6.weight'].data.forEach((value, i) => {
      expect(value).toBeCloseTo(before.state['classifier.6.weight'].data[i], 6)
    })
  })

  it.each([
    [['--freeze', 'feature'], 1, /no parameter of alexnet-cifar is called 'feature'\nDid you mean/],
    [['--freeze', '*'], 1, /nothing to learn/],
    [['--multipliers', 'classifier'], 2, /a name and a factor/],
    [['--weights', '/nowhere/at/all.pth'], 1, /cannot read .*all\.pth/],
    [
      ['--image-size', '40', '--weights', 'WHOLE', '--recipe', 'RECIPE48'],
      1,
      /takes pictures of 3×32×32, the recipe makes 3×40×40/,
    ],
  ] as const)('%j is an error', async (args, code, message) => {
    await writeFile(at('recipe48.yaml'), recipe.replace('size: 32', 'size: 40'))
    const given = args.map((arg) => arg.replace('WHOLE', at('whole')).replace('RECIPE48', at('recipe48.yaml')))
    const finished = await alexnet(...train(...given, '--out', at('wrong')))
    expect(finished.stderr).toMatch(message)
    expect(finished.code).toBe(code)
    expect(await readdir(folder)).not.toContain('wrong')
  })
})
