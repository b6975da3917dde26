import { expect, it } from 'vitest'
import type { Workload } from '../workload.js'
import { compare } from './compare.js'
import { type Contestant, PeerFailed } from './contestant.js'

const workloads: Workload[] = ['80sec', '18pct'].map((model) => ({ task: 'train', model, batchSize: 4 }))

/** Writes down when it is called; `speed` may throw. */
const contestant = (runner: string, calls: string[], speed: (workload: Workload) => number): Contestant => ({
  runner,
  precision: 'float32',
  layout: 'default',
  isPeer: true,
  knows: (model) => !(runner === 'c' && model === '18pct'),
  async measure(workload) {
    calls.push(`${runner} ${workload.model}`)
    const imagesPerSecond = speed(workload)
    const setting = { runner, precision: 'float32', layout: 'default' } as const
    return { ...workload, ...setting, imagesPerSecond, min: 0, max: 0, peakMemoryBytes: 1 }
  },
})

const run = (contestants: Contestant[], rounds: number) => {
  const told: string[] = []
  const observer = {
    onLeftOut: (reason: string) => told.push(reason),
    onMeasured: (_: unknown, done: number, total: number) => told.push(`${done}/${total}`),
  }
  return { told, result: compare(workloads, contestants, { threads: 1, seconds: 0, rounds }, observer) }
}

it('takes turns, and leaves out who does not know the network', async () => {
  const calls: string[] = []
  const speeds = [5, 1, 3]
  const { told, result } = run(
    [contestant('a', calls, () => speeds[calls.length % 3]), contestant('c', calls, () => 7)],
    2,
  )
  const comparisons = await result
  expect(calls).toEqual(['a 80sec', 'c 80sec', 'a 80sec', 'c 80sec', 'a 18pct', 'a 18pct'])
  expect(told).toEqual(['c float32 does not know the model 18pct', '1/6', '2/6', '3/6', '4/6', '5/6', '6/6'])
  expect(comparisons.map(({ results }) => results.map(({ runner }) => runner))).toEqual([['a', 'c'], ['a']])
})

it('a peer that fails is left out of the rest of that workload', async () => {
  const calls: string[] = []
  const slow = contestant('b', calls, ({ model }) => {
    if (model === '80sec') throw new PeerFailed('no result within 1 s')
    return 2
  })
  const { told, result } = run([contestant('a', calls, () => 1), slow], 2)
  const comparisons = await result
  expect(calls.filter((call) => call === 'b 80sec')).toHaveLength(1)
  expect(told).toContain('b float32: train 80sec, batch 4: no result within 1 s')
  expect(told.at(-1)).toBe('6/6')
  expect(comparisons.map(({ results }) => results.map(({ runner }) => runner))).toEqual([['a'], ['a', 'b']])
})

it('an engine that fails ends it', async () => {
  const broken = contestant('a', [], () => {
    throw new Error('broken')
  })
  await expect(run([broken], 1).result).rejects.toThrow('broken')
})
