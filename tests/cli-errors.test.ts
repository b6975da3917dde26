import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alexnet, start } from './support/cli.js'

let folder: string
const files = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-errors-'))
  await writeFile(join(folder, 'not a recipe.yaml'), 'model: [unclosed')
  await writeFile(
    join(folder, 'typo.yaml'),
    'model:\n  name: 80sec\n  widht: 2\ndata:\n  name: shapes\ntraining:\n  epochs: 1\noptimizer:\n  rate: 1\n',
  )
  await writeFile(
    join(folder, 'wrong.yaml'),
    'model:\n  name: 80sec\ndata:\n  name: shapes\ntraining:\n  epochs: many\noptimizer:\n  rate: 1\n',
  )
  await writeFile(join(folder, 'text.png'), 'this is no picture')
  for (const [name, size, label] of [
    ['truncated', 3_000_000, 1],
    ['label', 30_730_000, 10],
  ] as const) {
    await mkdir(join(folder, name))
    for (const file of files) await writeFile(join(folder, name, `${file}.bin`), Buffer.alloc(30_730_000))
    const bytes = Buffer.alloc(size)
    bytes[3073 * 7] = label
    await writeFile(join(folder, name, 'data_batch_3.bin'), bytes)
  }
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Each: the arguments, the exit code, and what the message says. */
const cases: [args: string[], code: number, message: RegExp][] = [
  [['train', 'cifar10', '--data', 'FOLDER/nowhere'], 1, /nowhere.*\n.+/],
  [
    ['train', 'cifar10', '--data', 'FOLDER/truncated'],
    1,
    /data_batch_3\.bin: expected whole records of 3073 bytes .*got 3000000 bytes/,
  ],
  [['train', 'cifar10', '--data', 'FOLDER/label'], 1, /data_batch_3\.bin.*10/],
  [
    ['train', 'cifar'],
    1,
    /no data set 'cifar', and no folder or list of pictures of that name\nDid you mean 'cifar10'\?/,
  ],
  [['train', 'epochs=3'], 1, /no data set 'epochs=3', .*\nAn option is written --epochs 3\./],
  [['train', '--model', 'alexnt'], 1, /no model 'alexnt'\nDid you mean 'alexnet'\?/],
  [['inspect', 'alexnett'], 1, /no model 'alexnett'\nDid you mean 'alexnet'\?/],
  [['train', '--recipe', '80secs'], 1, /no recipe '80secs'\nDid you mean '80sec'\?/],
  [['train', '--recipe', 'FOLDER/none.yaml'], 1, /cannot read the recipe: .*none\.yaml/],
  [['train', '--recipe', 'FOLDER/not a recipe.yaml'], 1, /not a recipe\.yaml is not YAML/],
  [['train', '--recipe', 'FOLDER/typo.yaml'], 1, /no key 'model\.widht'\nDid you mean 'width'\?/],
  [['train', '--recipe', 'FOLDER/wrong.yaml'], 1, /training\.epochs: expected a whole number/],
  [['train', '--engine', 'onx'], 1, /no engine 'onx'\nDid you mean 'onnx'\?/],
  [
    ['train', '--engine', 'onnx', '--precision', 'bfloat16', '--out', 'FOLDER/run'],
    1,
    /onnx has no precision bfloat16/,
  ],
  [['train', '--precision', 'float16'], 2, /--precision.*Allowed choices are float32, bfloat16/],
  [['train', '--model', '18pct', '--dropout', '0.5'], 1, /model 18pct has no option 'dropout'/],
  [['train', '--model', 'alexnet', '--image-size', '62'], 1, /larger than the input/],
  [['train', '--batch-size', '0'], 2, /--batch-size.*at least 1/],
  [['train', '--lr', '0'], 2, /--lr.*above 0/],
  [['train', '--lr', 'fast'], 2, /--lr.*expected a number/],
  [['train', '--momentum', '1'], 2, /--momentum.*below 1/],
  [['train', '--schedule', 'sometimes'], 2, /no schedule 'sometimes'/],
  [['train', '--schedule', 'steps'], 2, /'steps' is not a schedule/],
  [['train', '--epoch', '3'], 2, /unknown option '--epoch'[\s\S]*Did you mean --epochs/],
  [['train', 'shapes', 'cifar10'], 2, /too many arguments/],
  [['train', '--resume', 'FOLDER/nowhere'], 1, /there is no run at .*nowhere/],
  [['train', '--recipe', '80sec', '--model', 'alexnet'], 2, /the recipe 80sec is for the network 80sec/],
  [
    ['train', '--data', 'FOLDER'],
    1,
    /shapes is drawn by code.*\nPictures of your own are given without --data: alexnet train \//,
  ],
  [['train', '--resume', 'FOLDER/text.png'], 1, /text\.png is a file, expected the folder of a run/],
  [['train', '--resume', 'FOLDER', '--rule', 'paper'], 2, /--rule cannot be given/],
  [['train', 'shapes', '--resume', 'FOLDER'], 2, /--resume goes on with a run as it was started/],
  [['evaluate', 'FOLDER'], 1, /holds no checkpoint/],
  [['evaluate', 'FOLDER/text.png'], 1, /text\.png: /],
  [['evaluate'], 2, /missing required argument 'run'/],
  [['predict', 'FOLDER', 'FOLDER/text.png'], 1, /holds no checkpoint/],
  [['trian'], 2, /unknown command 'trian'[\s\S]*Did you mean train/],
]

describe('bad input gives its message and exit code', () => {
  it.each(cases)('%j', async (args, code, message) => {
    const finished = await alexnet(...args.map((arg) => arg.replace('FOLDER', folder)))
    expect(finished.stderr).toMatch(message)
    expect(finished.stderr).not.toMatch(/\n\s+at |this is a bug/) // no stack
    expect(finished.code).toBe(code)
    expect(finished.stdout).toBe('')
  })
})

describe('the process', () => {
  it.each([
    [['inspect', 'alexnet'], 0],
    [['inspect', '--help'], 0],
    [['inspect', 'alexnett'], 1],
    [['inspect', '--jsn'], 2],
  ])('of %j ends with %d', async (args, code) => {
    const finished = await start(args).finished
    expect(finished.code).toBe(code)
    expect(finished.stdout === '').toBe(code !== 0)
    expect(finished.stderr === '').toBe(code === 0)
  })

  it('ends in order when nobody reads its output any more', async () => {
    const { child, finished } = start(['inspect', 'alexnet', '--program'])
    child.stdout!.destroy()
    expect(await finished).toMatchObject({ code: 0, stderr: '' })
  })

  it('loads neither ONNX Runtime nor sharp to show its help', async () => {
    const tell = 'process.on("exit", () => console.error(JSON.stringify(process.report.getReport().sharedObjects)))'
    const env = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(tell)}"` }
    const { stderr } = await start(['train', '--help'], { env }).finished
    expect(JSON.parse(stderr).length).toBeGreaterThan(3)
    expect(stderr).not.toMatch(/onnxruntime|sharp|dnnl|koffi/)
  })
})

describe('help', () => {
  it.each([
    [],
    ['train'],
    ['evaluate'],
    ['predict'],
    ['features'],
    ['similar'],
    ['report'],
    ['inspect'],
    ['bench'],
    ['doctor'],
  ])('%s --help shows how to use it', async (...args) => {
    const { code, stdout } = await alexnet(...args, '--help')
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: alexnet')
    if (args[0] !== 'doctor') expect(stdout).toContain('Examples:')
  })
})

describe('inspect and doctor', () => {
  it('inspect prints layers and totals', async () => {
    const { stdout } = await alexnet('inspect', 'alexnet')
    expect(stdout).toContain('61,100,840')
    const json = JSON.parse((await alexnet('inspect', 'alexnet-2012', '--json')).stdout)
    expect(json.parameters).toBe(60_965_224)
  })

  it('inspect --program prints the training program', async () => {
    const { stdout } = await alexnet('inspect', '80sec', '--program', '--batch-size', '32')
    expect(stdout).toMatch(/%\d+ = conv2d\(%\d+, %\d+, %\d+\) stride=1 padding=2 groups=1 +32×32×32×32/)
    expect(stdout).toContain('conv2dWeightGradient')
    expect(stdout).toMatch(/next velocity:features\.0\.weight = %\d+/)
  })

  it('doctor tells the engines', async () => {
    const { stdout, code } = await alexnet('doctor', '--json')
    expect(code).toBe(0)
    const { engines, datasets } = JSON.parse(stdout)
    expect(engines.map(({ name }: { name: string }) => name)).toEqual(['onednn', 'onnx', 'reference'])
    expect(engines[1].problem).toBeUndefined()
    expect(datasets[0]).toMatchObject({ name: 'shapes', found: true })
  })
})

describe('how much is said', () => {
  it('is nothing but results with --quiet, before the command or after it', async () => {
    for (const args of [
      ['--quiet', 'inspect', '--json'],
      ['inspect', '--json', '-q'],
    ])
      expect(await alexnet(...args)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^\[.*\]\n$/) })
    const { code, stdout, stderr } = await alexnet('inspect', 'alexnett', '--quiet')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^alexnet: there is no model 'alexnett'\n/)
  })

  it('is the engine, the time and the stack of an error with --verbose, on the standard error', async () => {
    const { code, stdout, stderr } = await alexnet('predict', '-v', '--engine', 'reference', folder, 'x.png')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^alexnet \d.*\nengine reference: .* threads?, float32\nalexnet: .* holds no checkpoint\n/)
    expect(stderr).toMatch(/\n {4}at [\s\S]*\[cause\]/)
    expect(stderr).toMatch(/\ntook \d+\.\d\d s, and .*B of memory at most\n$/)
    // The next command is as it ever was.
    expect((await alexnet('inspect')).stderr).toBe('')
  })

  it('is not both', async () => {
    const { code, stderr } = await alexnet('doctor', '-q', '-v')
    expect(code).toBe(2)
    expect(stderr).toContain("'-q, --quiet' cannot be used with option '-v, --verbose'")
  })
})
