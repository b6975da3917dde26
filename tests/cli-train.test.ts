import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toInterleaved } from '../src/data/image.js'
import { memoryReader } from '../src/data/pictures.js'
import { shapes } from '../src/data/shapes.js'
import { decodeCheckpoint } from '../src/runs/checkpoint.js'
import { alexnet, alexnetIn, start } from './support/cli.js'
import { testedEngines } from './support/engines.js'
import { tinyFolder, tinyPicture } from './support/tiny-pictures.js'

/** One thread, and no report: reports have tests of their own. */
const quick = ['--threads', '1', '--no-report']

/** A net so small that an epoch of the drawn shapes takes a second; 62 steps an epoch. */
const small = ['--width', '0.0625', '--batch-size', '128', '--seed', '5', ...quick]

/** Photographs so few and small that an epoch of 45 steps takes a tenth of that. */
const tinyRecipe = `
model: { name: alexnet-cifar, width: 0.0625, dropout: 0.5 }
data: { name: pictures, size: 16, validation: 60, augmentation: [{ kind: mirror }] }
training: { epochs: 8, batchSize: 4, seed: 5 }
optimizer: { rate: 0.01 }
`
/** How many epochs outlast every test. */
const ENDLESS = '100000'

/** What `auto` takes. */
const fastest = testedEngines[testedEngines.length - 1].name

let folder: string
/** A run on the shapes, of two epochs. */
let finishedRun: string
/** A run on tiny photographs, of eight epochs. */
let tinyRun: string
/** The arguments of such a run. */
let tiny: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-train-'))
  finishedRun = join(folder, 'whole')
  tinyRun = join(folder, 'tiny')
  const [pictures, recipe] = [join(folder, 'pictures'), join(folder, 'tiny.yaml')]
  await tinyFolder(pictures, { red: [150, 20, 20], green: [20, 150, 20], blue: [20, 20, 150] }, 80)
  await writeFile(recipe, tinyRecipe)
  tiny = ['train', pictures, '--recipe', recipe, ...quick]
  for (const args of [
    ['train', ...small, '--epochs', '2', '--out', finishedRun],
    [...tiny, '--workers', '0', '--out', tinyRun],
  ]) {
    const { code, stderr } = await alexnet(...args)
    expect(stderr).toBe('')
    expect(code).toBe(0)
  }
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const metricsOf = (run: string) => readFile(join(run, 'metrics.jsonl'), 'utf8')
const stateOf = async (run: string) => {
  const { state, progress } = decodeCheckpoint(await readFile(join(run, 'last.safetensors')), run)
  return { progress, state: Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, [...data]])) }
}

describe('a run', () => {
  it('leaves its recipe, metrics, times and checkpoints', async () => {
    expect((await readdir(finishedRun)).sort()).toEqual([
      'best.safetensors',
      'last.safetensors',
      'live.json',
      'live.safetensors',
      'metrics.jsonl',
      'recipe.yaml',
      'timing.jsonl',
    ])
    const lines = (await metricsOf(finishedRun))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.filter(({ kind }) => kind === 'epoch').map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 62],
      [2, 124],
    ])
  })

  it('is repeated exactly by the recipe that it leaves, with any number of workers', async () => {
    const again = join(folder, 'again')
    const settings = ['--recipe', join(tinyRun, 'recipe.yaml'), ...quick, '--workers', '2', '--out', again]
    const { code } = await alexnet('train', tiny[1], ...settings)
    expect(code).toBe(0)
    expect(await metricsOf(again)).toBe(await metricsOf(tinyRun))
    expect(await stateOf(again)).toEqual(await stateOf(tinyRun))
  })

  it('goes on exactly after kill -9', async () => {
    const killed = join(folder, 'killed')
    const { child, shown, finished } = start(['train', ...small, '--epochs', '2', '--out', killed])
    await shown('epoch 1/2  loss')
    // In the middle of the second epoch, after lines that the checkpoint does not know.
    const before = (await metricsOf(killed)).length
    while ((await metricsOf(killed)).length < before + 200) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await finished
    expect(await metricsOf(killed)).not.toBe(await metricsOf(finishedRun))

    const { code } = await alexnet('train', '--resume', killed, ...quick)
    expect(code).toBe(0)
    expect(await metricsOf(killed)).toBe(await metricsOf(finishedRun))
    expect(await stateOf(killed)).toEqual(await stateOf(finishedRun))
  })

  it.each(testedEngines.map(({ name }) => name).filter((name) => name !== fastest))(
    'goes on exactly after kill -9 under the engine %s too',
    async (engine) => {
      const settings = [...tiny, '--engine', engine]
      const whole = join(folder, `whole ${engine}`)
      await alexnet(...settings, '--out', whole)
      const killed = join(folder, `killed ${engine}`)
      const { child, shown, finished } = start([...settings, '--out', killed])
      await shown('epoch 1/8  loss')
      child.kill('SIGKILL')
      await finished
      expect(await metricsOf(killed)).not.toBe(await metricsOf(whole))
      await alexnet('train', '--resume', killed, '--engine', engine, ...quick)
      expect(await metricsOf(killed)).toBe(await metricsOf(whole))
      expect(await stateOf(killed)).toEqual(await stateOf(whole))
    },
  )

  it('goes on exactly when it was killed before its first epoch was complete', async () => {
    const killed = join(folder, 'killed early')
    const { child, finished } = start([...tiny, '--out', killed])
    while (!existsSync(join(killed, 'metrics.jsonl'))) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await finished
    await alexnet('train', '--resume', killed, ...quick)
    expect(await metricsOf(killed)).toBe(await metricsOf(tinyRun))
    expect(await stateOf(killed)).toEqual(await stateOf(tinyRun))
  })

  it('under a plateau schedule goes on exactly, in the evaluation too', async () => {
    const settings = [...tiny, '--schedule', 'plateau:1', '--lr', '0.001']
    const whole = join(folder, 'plateau')
    await alexnet(...settings, '--out', whole)
    const cut = join(folder, 'plateau cut')
    const { child, shown, finished } = start([...settings, '--out', cut])
    await shown('epoch 2/8')
    child.kill('SIGTERM')
    expect((await finished).code).toBe(130)
    await alexnet('train', '--resume', cut, ...quick)
    expect(await metricsOf(cut)).toBe(await metricsOf(whole))
    expect(await metricsOf(whole)).toContain('"validation"')
  })

  it('is ended by patience, measures the best epoch, and goes on only with more of it', async () => {
    const run = join(folder, 'patient')
    const learning = ['--initial', 'he', '--lr', '0.003', '--epochs', '2', '--patience', '2', '--json']
    const first = JSON.parse((await alexnet(...tiny, ...learning, '--out', run)).stdout)
    // From here on each step halves the weights: what was learnt is gone within an epoch.
    const forgetting = ['--lr', '1e-6', '--weight-decay', '5e5', '--momentum', '0', ...quick]
    const { stdout, stderr } = await alexnet('train', '--resume', run, '--epochs', '9', ...forgetting, '--json')
    const { ended, epochs, bestEpoch, validation } = JSON.parse(stdout)
    expect([ended, epochs, bestEpoch]).toEqual(['patience', first.bestEpoch + 2, first.bestEpoch])
    expect(stderr).toContain(`ended  the validation loss has not been lower than after epoch ${bestEpoch} for 2 epochs`)
    // The last parameters guess.
    expect(validation.loss).toBeCloseTo(first.validation.loss, 6)
    expect(validation.loss).toBeLessThan(Math.log(3) - 0.05)

    const again = await alexnet('train', '--resume', run, '--epochs', '9', ...quick)
    expect(again.stdout).toContain('(patience): nothing to do; a longer --patience goes on, or none')
    expect(again.stdout).toContain(`best   the network as it was after epoch ${bestEpoch} of ${epochs}`)
    expect(again.stdout).toContain(`loss ${validation.loss.toFixed(4)}`)
    const longer = await alexnet('train', '--resume', run, '--patience', '3', ...quick, '--json')
    expect(JSON.parse(longer.stdout)).toMatchObject({ ended: 'patience', epochs: epochs + 1, bestEpoch })
  })

  it('is trained by one process at a time', async () => {
    const busy = join(folder, 'busy')
    const { child, shown, finished } = start([...tiny, '--epochs', ENDLESS, '--out', busy])
    await shown(`1/${ENDLESS}`)
    const second = await alexnet('train', '--resume', busy)
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('another process is training')
    child.kill('SIGINT')
    await finished
  })

  it('stops at Ctrl-C under the reference engine too, whose steps are loops of JavaScript', async () => {
    const slow = join(folder, 'slow')
    const settings = ['--engine', 'reference', '--width', '0.0625', '--batch-size', '8', '--epochs', '1']
    const { child, shown, finished } = start(['train', ...settings, '--out', slow])
    await shown(`run    ${slow}`)
    child.kill('SIGINT')
    const { code, stdout } = await finished
    expect(code).toBe(130)
    expect(stdout).toContain('--resume')
    expect((await stateOf(slow)).progress.step).toBeLessThan(100)
  })

  it('takes a Ctrl-C that comes twice at once, as through npx, for one', async () => {
    const twice = join(folder, 'twice')
    const { child, shown, finished } = start([...tiny, '--epochs', ENDLESS, '--out', twice])
    await shown(`1/${ENDLESS}`)
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect((await finished).stdout).toContain(`--resume ${twice}`)
  })

  it('saves in the middle of an epoch at Ctrl-C, and goes on exactly there', async () => {
    const interrupted = join(folder, 'interrupted')
    const { child, shown, finished } = start([...tiny, '--out', interrupted])
    await shown('epoch 1/8')
    child.kill('SIGINT')
    const { code, stdout } = await finished
    expect(code).toBe(130)
    expect(stdout).toContain(`alexnet train --resume ${interrupted}`)
    expect((await stateOf(interrupted)).progress.epoch).toBeLessThan(8)

    await alexnet('train', '--resume', interrupted, ...quick)
    expect(await metricsOf(interrupted)).toBe(await metricsOf(tinyRun))
    expect(await stateOf(interrupted)).toEqual(await stateOf(tinyRun))
  })

  it('goes on for more epochs when they are asked for, and else has nothing to do', async () => {
    const longer = join(folder, 'longer')
    await cp(tinyRun, longer, { recursive: true })
    const metrics = await metricsOf(longer)
    expect((await alexnet('train', '--resume', longer, ...quick)).code).toBe(0)
    expect(await metricsOf(longer)).toBe(metrics)
    const { code, stdout } = await alexnet('train', '--resume', longer, '--epochs', '9', ...quick, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ run: longer, epochs: 9, validation: { images: 60 } })
    expect(await metricsOf(longer)).toContain('"epoch":9')
  })

  it('is told with --dry-run before it is begun, and nothing is written', async () => {
    const place = await mkdtemp(join(tmpdir(), 'alexnet-dry-'))
    const run = (...args: string[]) =>
      alexnetIn({ cwd: place, env: { ALEXNET_DATA_DIR: join(place, 'data') } }, ...tiny, '--dry-run', ...args)
    const { code, stderr, stdout } = await run('--cache', 'disk')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^model {2}alexnet-cifar: [\d,]+ parameters/m)
    expect(stdout).toMatch(/^steps {2}360: 8 epochs of 45 batches of 4 pictures\n/m)
    expect(stdout).toMatch(/^time {3}about \d+ s: [\d.]+ m?s a step, [\d.]+ m?s to evaluate after each epoch\n/m)
    const answer = JSON.parse((await run('--json', '--cache', 'none')).stdout)
    expect(answer).toMatchObject({
      model: { name: 'alexnet-cifar', input: [3, 16, 16] },
      data: { train: 180, validation: 60, classes: ['blue', 'green', 'red'] },
      steps: 360,
      recipe: { training: { epochs: 8 } },
    })
    expect(answer.seconds).toBeCloseTo(360 * answer.secondsPerStep + 8 * answer.secondsPerEvaluation, 6)
    expect(answer.peakMemoryBytes).toBeGreaterThan(1e7)
    expect(await readdir(place)).toEqual([])
    expect(await run('--out', finishedRun)).toMatchObject({ code: 1, stderr: expect.stringContaining('holds a run') })
    const resumed = await alexnet('train', '--resume', finishedRun, '--dry-run')
    expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining('--dry-run is of a new training') })
    await rm(place, { recursive: true })
  })

  it('says with --quiet what came out, and a command that a shell takes as it stands', async () => {
    const out = join(folder, "it's quiet")
    const { stdout, stderr } = await alexnet('-q', ...tiny, '--epochs', '1', '--out', out)
    expect(stderr).toBe('')
    const quoted = `'${out.replaceAll("'", "'\\''")}'`
    expect(stdout.split('\n').slice(1)).toEqual([expect.stringMatching(/^Saved in .*it's quiet\. Try it: /), ''])
    expect(stdout).toMatch(/^validation accuracy /)
    expect(stdout).toContain(`predict ${quoted} picture.jpg`)
  })

  it('prints one line of JSON with --json, and numbers its folder when none is given', async () => {
    const cwd = await mkdtemp(join(folder, 'cwd-'))
    const { stdout, stderr, code } = await alexnetIn({ cwd }, 'train', ...small, '--epochs', '1', '--json')
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    const result = JSON.parse(stdout)
    expect(Object.keys(result).sort()).toEqual([
      'classes',
      'engine',
      'epochs',
      'guessing',
      'imagesPerSecond',
      'macro',
      'precision',
      'run',
      'test',
      'waitingShare',
    ])
    expect(Object.keys(result.test).sort()).toEqual(['images', 'loss', 'top1', 'top5'])
    const run = join('runs', 'shapes-alexnet-cifar-1')
    expect(result).toMatchObject({ run, epochs: 1, engine: fastest, test: { images: 2000 } })
    expect(result.imagesPerSecond).toBeGreaterThan(100)
    expect(stderr).toContain('epoch 1/1')

    for (const number of [1, 2]) {
      const again = await alexnetIn({ cwd }, ...tiny, '--epochs', '1', '--json')
      expect(JSON.parse(again.stdout).run).toBe(join('runs', `pictures-alexnet-cifar-${number}`))
    }
  })
})

describe('evaluate and predict', () => {
  it('evaluate prints the test metrics', async () => {
    const last = join(finishedRun, 'last.safetensors')
    const { stdout, code } = await alexnet('evaluate', last, '--json')
    expect(code).toBe(0)
    expect(Object.keys(JSON.parse(stdout)).sort()).toEqual([
      ...['classes', 'images', 'loss', 'macro', 'part', 'top1', 'top5', 'views'],
    ])
    const { macro, classes, top1, images } = JSON.parse(stdout)
    // The shapes are equally frequent, so that the mean of the classes is that of the pictures.
    expect(macro.recall).toBeCloseTo(top1, 9)
    expect(classes).toHaveLength(10)
    expect(classes[0]).toMatchObject({ name: 'circle', pictures: images / 10 })
    const lines = (await metricsOf(finishedRun))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(JSON.parse(stdout).loss).toBeCloseTo(lines.at(-1).test.loss, 5)
    const reference = await alexnet('evaluate', last, '--json', '--batch-size', '77', '--threads', '2')
    expect(JSON.parse(reference.stdout).top1).toBe(JSON.parse(stdout).top1)
  })

  it('takes a picture and its mirror image where no crop is smaller than the pictures', async () => {
    const evaluate = (views: string) => alexnet('evaluate', finishedRun, '--json', '--views', views)
    const [one, two, ten] = [await evaluate('1'), await evaluate('2'), await evaluate('10')]
    expect(JSON.parse(two.stdout)).toMatchObject({ views: 2, images: JSON.parse(one.stdout).images })
    expect(JSON.parse(two.stdout).loss).not.toBe(JSON.parse(one.stdout).loss)
    expect(ten).toMatchObject({ code: 1, stderr: expect.stringContaining('Take 2 views') })
  })

  it('predict names the classes of pictures', async () => {
    const { test } = shapes({ seed: 5 })
    const file = join(folder, 'a picture.png')
    const picture = memoryReader(test.pictures, test.name)(0)
    await sharp(toInterleaved(picture), { raw: { width: 32, height: 32, channels: 3 } })
      .png()
      .toFile(file)
    const { stdout, code } = await alexnet('predict', finishedRun, file, file, '--top', '3', '--json')
    expect(code).toBe(0)
    const [first, second] = JSON.parse(stdout)
    expect(first.file).toBe(file)
    expect(first.top).toHaveLength(3)
    expect(first.top[0].label).toBe(test.classes[first.top[0].index])
    expect(first.top[0].probability).toBeGreaterThanOrEqual(first.top[1].probability)
    expect(second.top).toEqual(first.top)
    const text = await alexnet('predict', finishedRun, file, '--engine', 'reference')
    expect(text.stdout).toContain(`${first.top[0].label}`)
  })
})

describe('pictures that are none', () => {
  it('are listed beside the answers for the others, in a folder too', async () => {
    const dir = join(folder, 'some pictures')
    await mkdir(join(dir, 'below'), { recursive: true })
    const good = [join(dir, 'a.png'), join(dir, 'below', 'z.png')]
    for (const [n, file] of good.entries()) await tinyPicture(file, [200, 100, 40 * n], n)
    const bad = join(dir, 'b.jpg')
    await writeFile(bad, 'this is no picture')
    await writeFile(join(dir, 'notes.txt'), 'nor is this')
    const absent = join(dir, 'absent.png')

    const text = await alexnet('predict', finishedRun, good[0], bad, good[1], '--top', '1')
    expect(text.code).toBe(1)
    expect(text.stdout.match(/^\/.*$/gm)).toEqual(good)
    expect(text.stderr).toMatch(/^warning: 1 file is left out:\n {2}.*b\.jpg: .*unsupported image format\n$/)

    const json = await alexnet('predict', finishedRun, dir, absent, '--json')
    expect(json.code).toBe(1)
    const said = JSON.parse(json.stdout) as { file: string; top?: unknown[]; error?: string }[]
    expect(said.map(({ file }) => file)).toEqual([good[0], bad, good[1], absent])
    expect(said.map(({ top }) => top?.length)).toEqual([5, undefined, 5, undefined])
    expect(said[3].error).toMatch(/^ENOENT: no such file/)

    await rm(bad)
    const folders = await alexnet('predict', finishedRun, dir)
    expect([folders.code, folders.stderr]).toEqual([0, ''])
  })

  it('are named, with exit code 1', async () => {
    const text = join(folder, 'text.png')
    await writeFile(text, 'this is no picture')
    for (const [file, message] of [
      [text, /^alexnet: .*text\.png/],
      [join(folder, 'absent.jpg'), /^alexnet: .*absent\.jpg/],
    ] as const) {
      const { code, stdout, stderr } = await alexnet('predict', finishedRun, file, '--json')
      expect(stderr).toMatch(message)
      expect(stderr).not.toContain('this is a bug')
      expect([code, stdout]).toEqual([1, ''])
    }
  })
})

describe('training that goes wrong', () => {
  it('stops when the loss diverges, names the rate, keeps the last good checkpoint', async () => {
    const run = join(folder, 'diverged')
    const { code, stderr } = await alexnet(...tiny, '--lr', '1e4', '--out', run)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^alexnet: the training has diverged: .*rate of \S+\n.*--lr/)
    expect((await stateOf(run)).progress.step).toBe(0)
    const calmer = await alexnet('train', '--resume', run, ...quick, '--lr', '0.01', '--epochs', '1')
    expect(calmer.code).toBe(0)

    const resumed = join(folder, 'diverged later')
    await cp(tinyRun, resumed, { recursive: true })
    const good = await readFile(join(resumed, 'last.safetensors'))
    const more = ['--epochs', '20', '--schedule', 'constant', '--lr', '1e5', ...quick]
    const again = await alexnet('train', '--resume', resumed, ...more)
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('diverged')
    expect(await readFile(join(resumed, 'last.safetensors'))).toEqual(good)
  })

  it('warns when the net does not start to learn', async () => {
    const asleep = ['--lr', '1e-9', '--initial', 'ones', '--epochs', '4', '--out', join(folder, 'asleep')]
    const { stdout } = await alexnet(...tiny, ...asleep)
    expect(stdout).toMatch(/warning: .*ln\(3\).*learning rate.*initialisation.*mean/)
  })

  it('refuses a folder that holds something', async () => {
    const before = await readFile(join(finishedRun, 'last.safetensors'))
    const { code, stderr } = await alexnet(...tiny, '--epochs', '1', '--out', finishedRun)
    expect(code).toBe(1)
    expect(stderr).toContain('holds a run already')
    expect(stderr).toContain('--resume')
    expect(await readFile(join(finishedRun, 'last.safetensors'))).toEqual(before)
  })

  it('refuses a folder that it cannot write', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const { code, stderr } = await alexnet(...tiny, '--epochs', '1', '--out', join(file, 'run'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^alexnet: cannot write to .*\n.*--out/)
  })

  it('refuses a damaged checkpoint and one of another model', async () => {
    const damaged = join(folder, 'damaged')
    await cp(finishedRun, damaged, { recursive: true })
    const bytes = await readFile(join(damaged, 'last.safetensors'))
    await writeFile(join(damaged, 'last.safetensors'), bytes.subarray(0, bytes.length / 2))
    const { code, stderr } = await alexnet('train', '--resume', damaged, '--epochs', '5')
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')[0]).toMatch(/^alexnet: .*last\.safetensors: /)

    // The same file under the description of a wider net.
    const foreign = join(folder, 'foreign.safetensors')
    const text = bytes.toString('latin1')
    await writeFile(foreign, Buffer.from(text.replace('\\"filters\\":4,', '\\"filters\\":5,'), 'latin1'))
    const other = await alexnet('evaluate', foreign)
    expect(other.code).toBe(1)
    expect(other.stderr).toContain('The file belongs to another model.')
  })
})
