import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakePeer } from '../../../tests/support/fake-peer.js'
import { PeerFailed } from './contestant.js'
import { peerContestants } from './peers.js'

let folder: string
let python: Awaited<ReturnType<typeof fakePeer>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet peers-'))
  python = await fakePeer(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const workload = { task: 'infer', model: '80sec', batchSize: 4 } as const

it('a peer that gives no number in time has failed', async () => {
  const options = { python: python('slow'), timeoutSeconds: 3 }
  const { contestants, version } = await peerContestants('pytorch', ['float32'], options, expect.fail)
  expect(version).toBe('9.9')
  expect(contestants.map(({ layout }) => layout)).toEqual(['default'])
  const [slow] = contestants
  await expect(slow.measure(workload, { threads: 1, seconds: 0.01 })).rejects.toThrow(
    new PeerFailed('no result within 3 s'),
  )
})

it('a peer is measured in each of its layouts, with as many threads as it is told', async () => {
  const leftOut: string[] = []
  const options = { python: python('good'), timeoutSeconds: 20 }
  const { contestants } = await peerContestants('pytorch', ['float32', 'bfloat16'], options, (reason) =>
    leftOut.push(reason),
  )
  expect(leftOut).toEqual(['pytorch has no precision bfloat16'])
  const results = []
  for (const contestant of contestants) results.push(await contestant.measure(workload, { threads: 3, seconds: 0.01 }))
  expect(results.map(({ layout, imagesPerSecond }) => [layout, imagesPerSecond])).toEqual([
    ['default', 0.5],
    ['channels_last', 0.25],
  ])
})

it('a peer that answers with no JSON is told in one line', async () => {
  const options = (mode: 'other' | 'wordy') => ({ python: python(mode), timeoutSeconds: 20 })
  await expect(peerContestants('pytorch', ['float32'], options('other'), expect.fail)).rejects.toMatchObject({
    code: 'missing-data',
    message: 'the peer pytorch does not run: expected JSON in the last line that it prints, got "hello"',
  })
  const { contestants } = await peerContestants('pytorch', ['float32'], options('wordy'), expect.fail)
  await expect(contestants[0].measure(workload, { threads: 1, seconds: 0.01 })).rejects.toThrow(
    new PeerFailed('expected JSON in the last line that it prints, got "[1, 2] images"'),
  )
})
