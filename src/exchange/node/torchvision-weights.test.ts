import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { breakOnceWritten } from '../../../tests/support/break-connection.js'
import { StateDict, torchFile } from '../../../tests/support/torch-file.js'
import { createModel } from '../../models/catalogue.js'
import { initialState } from '../../models/initial-state.js'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { imagenetClasses } from './imagenet-classes.js'
import { importRun } from './import-run.js'
import { ensureTorchvisionWeights } from './torchvision-weights.js'

/** What the server sends: a network as torchvision's, but narrow. */
const network = createModel('alexnet', { inputShape: [3, 224, 224], classes: 1000 }, { width: 0.02 })
const served = torchFile(new StateDict(initialState(network, 1)))
const weights = { bytes: served.length, sha256: createHash('sha256').update(served).digest('hex') }

let server: Server
let url: string
let dir: string
/** The bytes that a connection brings before it breaks; undefined: all of them. */
let breaksAfter: number | undefined
let requests: (string | undefined)[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const { range } = request.headers
    requests.push(range)
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const rest = served.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${served.length - 1}/${served.length}` }),
    })
    if (breaksAfter === undefined) response.end(rest)
    else {
      response.write(rest.subarray(0, breaksAfter))
      breakOnceWritten(response, join(dir, 'alexnet-owt-7be5be79.pth.part'), breaksAfter)
    }
    breaksAfter = undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alexnet-owt-7be5be79.pth`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-weights-'))
  requests = []
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true })
})

describe("torchvision's weights", () => {
  it('are downloaded once, told of, and become a run with the classes of ImageNet', async () => {
    vi.stubEnv('ALEXNET_DATA_DIR', dir)
    vi.stubEnv('ALEXNET_TORCHVISION_URL', url)
    const received: number[] = []
    const options = { weights, onProgress: (progress: { received: number }) => received.push(progress.received) }
    const file = await ensureTorchvisionWeights(options)
    expect(file).toBe(join(dir, 'alexnet-owt-7be5be79.pth'))
    expect(received.at(-1)).toBe(served.length)
    expect(await ensureTorchvisionWeights(options)).toBe(file)
    expect(requests).toHaveLength(1)

    await importRun({ file, classes: imagenetClasses, out: join(dir, 'run') })
    const { classes, model } = await readCheckpoint(join(dir, 'run'))
    expect([model.name, model.classes]).toEqual(['alexnet', 1000])
    expect([classes[0], classes[207], classes[999]]).toEqual(['tench', 'golden retriever', 'toilet tissue'])
  })

  it('go on where a connection has broken', async () => {
    breaksAfter = 5000
    await ensureTorchvisionWeights({ dir, url, weights, pauses: [0] })
    expect(requests).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)])
    expect(await readdir(dir)).toEqual(['alexnet-owt-7be5be79.pth'])
  })

  it('of another checksum are refused, and nothing stays', async () => {
    await expect(ensureTorchvisionWeights({ dir, url })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02'),
    })
    expect(await readdir(dir)).toEqual([])
  })

  it('without a network: the address, and what to do', async () => {
    await expect(ensureTorchvisionWeights({ dir, url: 'http://127.0.0.1:1/', pauses: [] })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('cannot download http://127.0.0.1:1/'),
      hint: expect.stringMatching(
        /https:\/\/download\.pytorch\.org\/models\/alexnet-owt-7be5be79\.pth.*alexnet import/,
      ),
    })
  })

  it('that lie there by hand are taken', async () => {
    await writeFile(join(dir, 'alexnet-owt-7be5be79.pth'), served)
    await ensureTorchvisionWeights({ dir, url: 'http://127.0.0.1:1/', weights, pauses: [] })
  })
})

it('the classes of ImageNet are a thousand, of names of their own', () => {
  expect(imagenetClasses).toHaveLength(1000)
  expect(new Set(imagenetClasses).size).toBe(1000)
  // The first and last bird, dog, and thing, by which a list that has slipped would be noticed.
  expect([7, 134, 151, 268, 398, 517, 998].map((label) => imagenetClasses[label])).toEqual([
    'cock',
    'crane (bird)',
    'Chihuahua',
    'Mexican hairless',
    'abacus',
    'crane (machine)',
    'ear',
  ])
})
