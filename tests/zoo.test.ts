import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { summarise } from '../src/models/summary.js'
import { readCheckpoint } from '../src/runs/node/checkpoint-files.js'
import { readZooCard } from '../src/runs/node/read-zoo-card.js'
import { zooFile } from '../src/runs/node/zoo-files.js'
import { zooNames } from '../src/runs/zoo-names.js'
import { alexnetIn } from './support/cli.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What every installation downloads is to stay small. */
const MOST_BYTES = 4_000_000

describe.each(zooNames)('the card of %s', (name) => {
  it('tells what its file is', async () => {
    const card = await readZooCard(name)
    const bytes = await readFile(zooFile(name))
    expect(card).toMatchObject({
      name,
      file: {
        name: `${name}.safetensors`,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    })
    expect(bytes.length).toBeLessThanOrEqual(MOST_BYTES)
    const { model, classes } = await readCheckpoint(zooFile(name))
    const { parameters } = summarise(model)
    const imageSize = model.inputShape[1]
    expect(card).toMatchObject({ model: model.name, classes, parameters, imageSize })
    expect(card.training.command).toMatch(/^alexnet train /)
  })

  it('stands for a network that holds nothing of its training', async () => {
    const { state, choices, recipe } = await readCheckpoint(zooFile(name))
    expect(Object.keys(state).filter((key) => key.includes(':'))).toEqual([])
    expect({ choices, weights: recipe.weights }).toEqual({ choices: undefined, weights: undefined })
  })
})

it('the folder holds the networks, their cards, and what they are', async () => {
  const files = zooNames.flatMap((name) => [`${name}.json`, `${name}.safetensors`])
  expect(await readdir(join(root, 'zoo'))).toEqual(['README.md', ...files].toSorted())
})

describe('a network that comes along', () => {
  let folder: string
  const engine = ['--engine', 'onnx', '--threads', '1']
  const run = (...args: string[]) => alexnetIn({ cwd: folder }, ...args)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alexnet-zoo-'))
    for (const [file, side] of [
      ['small.png', 64],
      ['large.png', 65],
    ] as const)
      await sharp({ create: { width: side, height: 20, channels: 3, background: '#386' } }).toFile(join(folder, file))
    await mkdir(join(folder, 'pictures'))
    await sharp({ create: { width: 9, height: 9, channels: 3, background: '#863' } }).toFile(
      join(folder, 'pictures', 'tiny.png'),
    )
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['small.png', 'cifar10'],
    ['large.png', 'photographs'],
    ['pictures', 'cifar10'],
  ] as const)('answers for %s where no run is named: %s, by the size', async (picture, name) => {
    const { classes } = await readZooCard(name)
    const { code, stdout, stderr } = await run('predict', picture, ...engine, '--top', '10')
    expect(code).toBe(0)
    expect(stderr).toMatch(new RegExp(`^No RUN is given, so zoo:${name} answers\\. It knows 10 things .*${classes[9]}`))
    for (const one of classes) expect(stdout).toContain(`  ${one} `)
    const [answer] = JSON.parse((await run('predict', picture, ...engine, '--top', '1', '--json')).stdout)
    expect(answer).toMatchObject({ network: `zoo:${name}`, top: [{ label: expect.any(String) }] })
    // A plain colour is none of what it knows.
    if (answer.top[0].probability < 0.6) expect(stdout).toContain(`not sure: perhaps it is none of what zoo:${name}`)
    else expect(stdout).not.toContain('not sure')
  })

  it('stands by its name wherever a command takes a run', async () => {
    const classified = await run('predict', 'zoo:cifar10', 'large.png', ...engine, '--json')
    expect(JSON.parse(classified.stdout)).toMatchObject([{ file: 'large.png', network: 'zoo:cifar10' }])
    expect(classified.stderr).toBe('')
    const { parameters } = await readZooCard('cifar10')
    expect(JSON.parse((await run('inspect', 'zoo:cifar10', '--json')).stdout).parameters).toBe(parameters)
    expect((await run('export', 'zoo:cifar10', '--format', 'safetensors')).stdout).toMatch(
      /^Written: zoo-cifar10\.safetensors/,
    )
    expect((await run('import', 'zoo:cifar10', '--out', 'imported')).stdout).toContain('Saved in imported')
    expect((await run('features', 'zoo:cifar10', 'small.png', ...engine, '--out', 'a.csv')).code).toBe(0)
  })

  it('is what a training begins with, under its name', async () => {
    const settings = ['--epochs', '1', '--set', 'data.name=shapes', '--dry-run', '--json', ...engine]
    const { stdout, stderr } = await run('train', 'shapes', '--weights', 'zoo:cifar10', ...settings)
    expect(JSON.parse(stdout || stderr).recipe).toMatchObject({
      weights: 'zoo:cifar10',
      optimizer: { multipliers: { last: expect.any(Number) } },
    })
  })

  it.each<[string[], number, RegExp]>([
    [['predict', 'zoo:cifar', 'small.png'], 1, /no network 'cifar' in the zoo\nDid you mean 'cifar10'\?/],
    [
      ['predict', 'cifar10', 'small.png'],
      1,
      /no run at cifar10\nThe network that comes with the package is zoo:cifar10/,
    ],
    [['predict'], 2, /no pictures to classify/],
    [['predict', 'zoo:cifar10'], 2, /zoo:cifar10 is a trained network, and no pictures were given/],
    [['predict', 'nothing'], 1, /neither a picture nor a run at nothing/],
    [['predict', 'nothing.jpg'], 1, /nothing\.jpg/],
    [['predict', 'runs/none', 'small.png'], 1, /there is no run at runs\/none/],
    [['train', '--resume', 'zoo:cifar10'], 2, /no run: .*\n.*--weights zoo:cifar10/],
    [['train', '--weights', 'zoo:photo'], 1, /no network 'photo' in the zoo/],
    [['ui', 'zoo:cifar10'], 2, /zoo:cifar10 is a trained network and no run/],
    [['report', 'zoo:cifar10'], 2, /lies in the package.*\n.*--out/],
    [['zoo', 'photgraphs'], 1, /Did you mean 'photographs'\?/],
  ])('alexnet %j is a clear error', async (args, expected, message) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout, stderr }).toEqual({ code: expected, stdout: '', stderr: expect.stringMatching(message) })
  })

  it('is listed, and tells of itself', async () => {
    const list = JSON.parse((await run('zoo', '--json')).stdout)
    expect(list).toMatchObject(zooNames.map((name) => ({ name, path: zooFile(name).replace('/src/', '/') })))
    const { about, limits, data } = await readZooCard('photographs')
    const { stdout } = await run('zoo', 'zoo:photographs')
    for (const text of [about, ...limits, data.terms]) expect(stdout).toContain(text)
    expect((await run('zoo')).stdout).toContain('zoo:cifar10')
  })

  it('is completed', async () => {
    const { stdout } = await run('complete', '--', 'predict', 'zoo:')
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([
      'files',
      'zoo:cifar10',
      'zoo:photographs',
      '',
    ])
  })
})
