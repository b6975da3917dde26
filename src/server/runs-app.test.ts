import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Hono } from 'hono'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyCheckpoint } from '../../tests/support/server-fixture.js'
import { decodeSafetensors } from '../formats/safetensors.js'
import { initialState } from '../models/initial-state.js'
import { slotName } from '../optimizers/index.js'
import { RunDirectory } from '../runs/node/run-directory.js'
import { RunFolders } from '../runs/node/run-folders.js'
import { LiveWriter } from '../training/node/live-writer.js'
import type { LiveResponse, MetricsResponse, RunResponse, RunsResponse } from './api-types.js'
import { answerSchemas } from './openapi.js'
import { runsApp } from './runs-app.js'

const checkpoint = tinyCheckpoint()
const ending = new AbortController()
let folder: string
let app: Hono
let run: RunDirectory

const steps = (step: number) => ({ kind: 'steps', epoch: 1, step, rate: 0.01, loss: 2, top1: 0.1, top5: 0.5 }) as const
const metrics = { top1: 0.5, top5: 0.9, loss: 1, images: 10 }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-runs-'))
  run = await RunDirectory.create(join(folder, 'runs', 'first'), checkpoint.recipe)
  await run.saveLast(checkpoint)
  run.appendMetrics(steps(1))
  run.appendMetrics(steps(2))
  await writeLive()
  // What must not be seen: a folder that is no run, and links that lead out.
  await mkdir(join(folder, 'runs', 'no-run'))
  await mkdir(join(folder, 'secret'))
  await writeFile(join(folder, 'secret', 'recipe.yaml'), 'secret: true')
  await symlink(join(folder, 'secret'), join(folder, 'runs', 'link'))
  await symlink(join(folder, 'secret', 'recipe.yaml'), join(folder, 'runs', 'first', 'best.safetensors'))
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(folder, 'page', 'assets', 'index-DiwrgTda.js'), 'export {}')
  await symlink(join(folder, 'secret', 'recipe.yaml'), join(folder, 'page', 'leak.txt'))
  app = makeApp(join(folder, 'page'))
})

afterAll(async () => {
  ending.abort()
  await run.close()
  await rm(folder, { recursive: true, force: true })
})

function makeApp(page: string): Hono {
  return runsApp({
    folders: new RunFolders([join(folder, 'runs')]),
    page,
    signal: ending.signal,
    onFailure: (error) => {
      throw error
    },
  })
}

/** As a training of two epochs writes it after the first. */
async function writeLive(): Promise<void> {
  const { model } = checkpoint
  const live = new LiveWriter({
    ...{ run, prepared: checkpoint },
    ...{ engine: 'onnx', threads: 1, precision: 'float32', onWarning: (message) => expect.fail(message) },
  })
  const batch = {
    images: { dtype: 'float32', shape: [4, 3, 32, 32], data: new Float32Array(4 * 3 * 32 * 32) },
    labels: { dtype: 'int32', shape: [4], data: Int32Array.from([0, 1, 2, 3]) },
  } as const
  const loader = live.watch({
    ...{ batchSize: 4, seed: 1, batchesPerEpoch: 2 },
    async *train() {
      yield batch
    },
    async *inOrder() {},
    release() {},
    async close() {},
  })
  for await (const _ of loader.train(0));
  const progress = { ...checkpoint.progress, batch: 2, step: 2 }
  live.onStep({ progress, batchesPerEpoch: 2, rate: 0.01, loss: 2, training: metrics, waited: 0 }, 100, 5)
  // Sure of class 1: right for the second picture, and wrong for the others.
  const logits = Float32Array.from({ length: 40 }, (_, i) => (i % 10 === 1 ? 3 + Math.floor(i / 10) : 0))
  live.onEvaluated({ batch, logits })
  const parameters = initialState(model, 1)
  const velocities = Object.entries(parameters).map(([name, tensor]) => [slotName('velocity', name), tensor] as const)
  const done = { ...checkpoint.progress, epoch: 1, step: 2 }
  live.onEpoch(
    { progress: done, rate: 0.01, training: metrics, evaluation: metrics, isBest: true },
    { ...parameters, ...Object.fromEntries(velocities) },
  )
  await live.close()
}

const get = async <T>(path: string): Promise<T> => {
  const response = await app.request(path)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

describe('the list of runs', () => {
  it('has the runs, and nothing that lies elsewhere', async () => {
    const { runs } = await get<RunsResponse>('/api/runs')
    expect(runs).toMatchObject([
      { name: 'first', state: 'running', model: 'alexnet-cifar', data: 'shapes', epochs: 2, lastSteps: steps(2) },
    ])
  })

  it('gives a name to each of two runs that are called the same', async () => {
    const other = join(folder, 'other')
    const second = await RunDirectory.create(join(other, 'first'), checkpoint.recipe)
    await second.close()
    const found = await new RunFolders([join(folder, 'runs'), other, join(other, 'first')]).list()
    expect(found.map(({ name }) => name)).toEqual(['first', 'first@other'])
  })
})

describe('a run', () => {
  it('says what it is made of', async () => {
    const about = await get<RunResponse>('/api/runs/first')
    expect(about.recipe).toMatchObject({ model: { name: 'alexnet-cifar' } })
    expect(about.classes).toEqual(checkpoint.classes)
    expect(about.network?.input).toEqual([3, 32, 32])
    expect(about.machine).toMatchObject({ engine: 'onnx', threads: 1 })
    expect(about.checkpoints.map(({ which }) => which)).toEqual(['last'])
  })

  it.each([
    'link',
    'no-run',
    '..',
    '%2e%2e%2fsecret',
    '..%2fsecret',
    'first%00',
    'first%2f..%2f..%2fsecret',
    '%E0%A4%A',
  ])('is not found under the name %s', async (name) => {
    for (const path of ['', '/metrics', '/events', '/checkpoint', '/pictures/filters.png']) {
      const response = await app.request(`/api/runs/${name}${path}`)
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.status).toBeLessThan(500)
      answerSchemas.ApiError.parse(await response.json())
    }
  })

  it('gives its checkpoint, and follows no link out of its folder', async () => {
    const response = await app.request('/api/runs/first/checkpoint')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(response.headers.get('content-length')).toBe(String(bytes.length))
    expect(Object.keys(decodeSafetensors(bytes).tensors).sort()).toEqual(Object.keys(checkpoint.state).sort())
    expect((await app.request('/api/runs/first/checkpoint?which=best')).status).toBe(404)
    expect((await app.request('/api/runs/first/checkpoint?which=../last')).status).toBe(400)
  })

  it('shows what the net looks like', async () => {
    const { progress, inside } = await get<LiveResponse>('/api/runs/first/live')
    expect(progress).toMatchObject({ batch: 2, batchesPerEpoch: 2, step: 2, epochs: 2, rate: 0.01 })
    const [weight] = inside!.parameters
    expect(weight.name).toBe('features.0.weight')
    // In the fixture v = w, and PyTorch's rule moves w by rate · v.
    expect(weight.ratio).toBeCloseTo(0.01, 10)
    const { filters, batch, mistakes } = inside!.pictures
    expect(filters).toMatchObject({ count: checkpoint.state['features.0.weight'].shape[0], tileWidth: 3 })
    expect(batch).toMatchObject({ count: 4, labels: ['circle', 'ring', 'square', 'triangle'] })
    expect(mistakes?.pictures.map(({ index, label, predicted }) => [index, label, predicted])).toEqual([
      [3, 'triangle', 'ring'],
      [2, 'square', 'ring'],
      [0, 'circle', 'ring'],
    ])
  })

  it('draws it', async () => {
    const { inside } = await get<LiveResponse>('/api/runs/first/live')
    for (const name of ['filters', 'batch', 'mistakes'] as const) {
      const response = await app.request(`/api/runs/first/pictures/${name}.png?step=2`)
      const { width, height, format } = await sharp(await response.arrayBuffer()).metadata()
      const { columns, count, tileWidth, tileHeight, gap } = inside!.pictures[name]!
      expect([format, width, height]).toEqual([
        'png',
        columns * (tileWidth + gap) - gap,
        Math.ceil(count / columns) * (tileHeight + gap) - gap,
      ])
    }
    // Zeros after normalisation are the mean again.
    const bytes = await (await app.request('/api/runs/first/pictures/batch.png')).arrayBuffer()
    expect([...(await sharp(bytes).raw().toBuffer()).subarray(0, 4)]).toEqual([120, 120, 120, 255])
  })
})

describe('the events of a run', () => {
  /** Reads events until there are so many with an id. */
  async function follow(path: string, count: number, headers: Record<string, string> = {}) {
    const gone = new AbortController()
    const response = await app.request(path, { headers, signal: gone.signal })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const events = () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2))))
    const start = performance.now()
    while (events().filter(({ id }) => id).length < count) {
      expect(performance.now() - start).toBeLessThan(20_000)
      text += (await reader.read()).value ?? ''
    }
    await reader.cancel()
    return events()
  }

  it('are its lines, and go on where a page has left off', async () => {
    const all = (await follow('/api/runs/first/events', 2)).filter(({ event }) => event === 'metrics')
    expect(all.map(({ data }) => JSON.parse(data))).toEqual([steps(1), steps(2)])
    const { position } = await get<MetricsResponse>('/api/runs/first/metrics')
    const following = follow(`/api/runs/first/events?after=${position}`, 1)
    await sleep(100)
    run.appendMetrics(steps(3))
    expect(JSON.parse((await following).findLast(({ event }) => event === 'metrics')!.data)).toEqual(steps(3))
    // As a browser does after a connection broke.
    const [again] = (await follow('/api/runs/first/events?after=0-0-0-0', 1, { 'last-event-id': all[1].id })).filter(
      ({ event }) => event === 'metrics',
    )
    expect(JSON.parse(again.data)).toEqual(steps(3))
  })

  it('leave a half-written line for later', async () => {
    const { position } = await get<MetricsResponse>('/api/runs/first/metrics')
    const following = follow(`/api/runs/first/events?after=${position}`, 1)
    const line = `${JSON.stringify(steps(4))}\n`
    await appendFile(run.file('metrics.jsonl'), line.slice(0, 20))
    await sleep(700)
    await appendFile(run.file('metrics.jsonl'), line.slice(20))
    expect(JSON.parse((await following).findLast(({ event }) => event === 'metrics')!.data)).toEqual(steps(4))
  })

  it('start anew when a run was resumed', async () => {
    const { position } = await get<MetricsResponse>('/api/runs/first/metrics')
    await rm(run.file('metrics.jsonl'))
    await writeFile(join(folder, 'keeps the inode'), '')
    run.appendMetrics(steps(1))
    const events = await follow(`/api/runs/first/events?after=${position}`, 2)
    expect(events.map(({ event }) => event).slice(0, 2)).toEqual(['reset', 'metrics'])
  })

  it('refuse a position that is none', async () => {
    const response = await app.request('/api/runs/first/events?after=here')
    expect(response.status).toBe(400)
  })
})

describe('the page', () => {
  it('is served, and kept by the browser where the name changes with the content', async () => {
    const index = await app.request('/')
    expect(await index.text()).toContain('page')
    expect(index.headers.get('content-type')).toContain('text/html')
    expect(index.headers.get('cache-control')).toBe('no-cache')
    const script = await app.request('/assets/index-DiwrgTda.js')
    expect(script.headers.get('content-type')).toContain('javascript')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(script.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  })

  it.each([
    '/leak.txt',
    '/../secret/recipe.yaml',
    '/%2e%2e/secret/recipe.yaml',
    '/..%2fsecret%2frecipe.yaml',
    '/a%00b',
    '/%E0%A4%A',
  ])('gives nothing else: %s', async (path) => {
    const response = await app.request(path)
    expect([400, 404]).toContain(response.status)
    expect(await response.text()).not.toContain('secret: true')
  })

  it('says how to build it where it was not', async () => {
    const response = await makeApp(join(folder, 'nowhere')).request('/')
    expect(response.status).toBe(404)
    expect(answerSchemas.ApiError.parse(await response.json()).error.hint).toContain('build:web')
  })
})
