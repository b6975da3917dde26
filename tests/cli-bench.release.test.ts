import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { alexnet, start } from './support/cli.js'
import { fakePeer } from './support/fake-peer.js'

let folder: string
let python: Awaited<ReturnType<typeof fakePeer>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet bench-'))
  python = await fakePeer(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const quick = ['--model', '80sec', '--batch-size', '4', '--task', 'infer', '--seconds', '0.02', '--threads', '1']
const peer = (mode: 'good' | 'mute' | 'bare') => ['--peer', 'pytorch', '--python', python(mode)]

describe('bench', () => {
  it('measures in turns and prints one JSON object', async () => {
    const { code, stdout, stderr } = await alexnet(
      ...['bench', ...quick, ...peer('good'), '--engine', 'onnx', '--rounds', '2', '--json'],
    )
    expect(code).toBe(0)
    const order = stderr.split('\n').flatMap((line) => /^\d\/6 .* batch 4, (.+): /.exec(line)?.[1] ?? [])
    const round = ['onnx float32', 'pytorch float32', 'pytorch float32 channels_last']
    expect(order).toEqual([...round, ...round])
    expect(stderr).toMatch(/^1\/6 .* left$/m)

    expect(stdout.trim().split('\n')).toHaveLength(1)
    const { machine, results, ...more } = JSON.parse(stdout)
    expect(more).toEqual({})
    expect(machine).toMatchObject({ threads: 1, node: process.versions.node, versions: { pytorch: '9.9' } })
    expect(machine.peaks.multiplyAddGflops).toBeGreaterThan(0.1)
    expect(machine.peaks.memoryGBs).toBeGreaterThan(0.1)
    const common = { task: 'infer', model: '80sec', batchSize: 4, precision: 'float32' }
    const of = (layout: string, imagesPerSecond: number) => ({
      ...{ ...common, runner: 'pytorch', layout, imagesPerSecond },
      ...{ min: imagesPerSecond, max: imagesPerSecond, peakMemoryBytes: 2 ** 30 },
    })
    const [own, ...peers] = results
    expect(peers).toEqual([of('default', 0.5), of('channels_last', 0.25)])
    expect(own).toMatchObject({ ...common, runner: 'onnx', layout: 'default' })
    expect(Object.keys(own)).toEqual(Object.keys(peers[0]))
    expect(own.min).toBeLessThanOrEqual(own.imagesPerSecond)
    expect(own.max).toBeGreaterThanOrEqual(own.imagesPerSecond)
    expect(own.peakMemoryBytes).toBeGreaterThan(30e6)
  })

  it('prints a table with ratios, and leaves out what cannot take part', async () => {
    const { code, stdout, stderr } = await alexnet(
      ...['bench', ...quick, ...peer('good'), '--rounds', '1', '--model', '80sec,19pct'],
      ...['--engine', 'onnx,reference', '--batch-size', '1', '--precision', 'float32,bfloat16'],
    )
    expect(code).toBe(0)
    expect(stderr).toContain('left out: the engine onnx has no precision bfloat16')
    expect(stderr).toContain('left out: pytorch has no precision bfloat16')
    expect(stderr).toContain('left out: pytorch float32 channels_last does not know the model 19pct')
    const lines = stdout.trim().split('\n')
    const header = lines.find((line) => line.startsWith('task'))
    expect(header).toMatch(/× pytorch default +× pytorch channels_last +× pytorch best +of peak +memory/)
    expect(stdout).toMatch(/GFLOP\/s in the fastest product or convolution.*GB\/s/)
    const [, best] = /^infer +80sec +1 +onnx .* ([\d.,]+) +[\d.]+ % +[\d.]+ GiB$/m.exec(stdout) ?? []
    expect(Number(best.replace(',', ''))).toBeGreaterThan(1)
    expect(lines.filter((line) => line.startsWith('infer'))).toHaveLength(6)
  })

  it('shows what each operator costs', async () => {
    const profile = ['bench', ...quick, '--task', 'train', '--engine', 'onnx', '--profile']
    const { stdout } = await alexnet(...profile, '--json')
    const { machine, profile: measured } = JSON.parse(stdout)
    expect(measured).toMatchObject({
      task: 'train',
      model: '80sec',
      batchSize: 4,
      runner: 'onnx',
      precision: 'float32',
    })
    const operators: { layer: string; operator: string; share: number; gflops?: number; shareOfPeak?: number }[] =
      measured.operators
    expect(operators.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    const first = operators.find(({ layer, operator }) => layer === 'features.0' && operator === 'conv2dWeightGradient')
    expect(first?.shareOfPeak).toBeCloseTo((first?.gflops ?? 0) / machine.peaks.multiplyAddGflops)
    const layers = [...new Set(operators.map(({ layer }) => layer))]
    expect(layers[0]).toBe('features.0')
    expect(layers.slice(-3)).toEqual(['loss', 'update', 'engine'])

    // The same numbers as a table.
    const { BenchReporter } = await import('../dist/cli/commands/bench/reporter.js')
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    new BenchReporter(false).finishProfile(machine, measured)
    const table = String(write.mock.calls)
    write.mockRestore()
    expect(table).toMatch(/^features\.0 +conv2dWeightGradient +[\d.]+ +[\d.]+ % +[\d.]+ +[\d.]+ %$/m)
    expect(table).toMatch(/^total +[\d.]+$/m)
  })

  it('stops at Ctrl-C', async () => {
    const { child, shown, finished } = start(['bench', ...quick, '--seconds', '30'])
    await shown('measuring the peak')
    child.kill('SIGINT')
    expect((await finished).code).toBe(130)
  })

  it.each<[string, () => string[], number, RegExp]>([
    ['no PyTorch', () => peer('bare'), 1, /has no PyTorch\nOn Debian: .*python3-torch/],
    [
      'a peer that does not answer',
      () => [...peer('mute'), '--peer-timeout', '1'],
      1,
      /pytorch does not run: no answer in time/,
    ],
    ['no such command', () => ['--peer', 'pytorch', '--python', 'nosuch'], 1, /cannot start 'nosuch'.*\n.*--python/],
    ['an empty command', () => ['--peer', 'pytorch', '--python', ' '], 2, /--python: the command is empty/],
    ['an unknown peer', () => ['--peer', 'torch'], 2, /--peer.*Allowed choices are pytorch, tfjs, jax/],
    ['an unknown engine', () => ['--engine', 'onnx,onx'], 1, /no engine 'onx'\nDid you mean 'onnx'\?/],
    ['an unknown model', () => ['--model', '80secs'], 1, /no model '80secs'\nDid you mean '80sec'\?/],
    ['a precision that the one engine lacks', () => ['--engine', 'onnx', '--precision', 'bfloat16'], 1, /no precision/],
    ['a wrong batch size', () => ['--batch-size', '4,0'], 2, /--batch-size.*at least 1/],
    ['a profile of a peer', () => ['--profile', '--peer', 'pytorch'], 2, /--peer cannot be given/],
  ])('refuses %s', async (_, args, code, message) => {
    const finished = await alexnet('bench', ...quick, ...args())
    expect(finished.stderr).toMatch(message)
    expect(finished.stderr).not.toMatch(/\n\s+at |this is a bug/)
    expect(finished.code).toBe(code)
    expect(finished.stdout).toBe('')
  })

  const packages = fileURLToPath(new URL('../bench/node_modules', import.meta.url))
  it.skipIf(existsSync(packages))('says how to install the JavaScript peers', async () => {
    const { stderr, code } = await alexnet('bench', ...quick, '--peer', 'tfjs')
    expect(stderr).toMatch(/the peer tfjs is not installed\n.*npm ci --prefix bench/)
    expect(code).toBe(1)
  })
})
