import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Batcher } from './batcher.js'

/** A batcher whose batches end when the test says so. */
function controlled(options: { batchSize?: number; maxDelay?: number; expected?: () => number } = {}) {
  const batches: { items: readonly number[]; finish: () => void; fail: (error: Error) => void }[] = []
  const batcher = new Batcher<number, number>({
    batchSize: 4,
    maxDelay: 10_000,
    expected: () => 0,
    run: (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, finish: () => resolve(items.map((item) => 10 * item)), fail: reject })
      }),
    ...options,
  })
  return { batcher, batches }
}

describe('Batcher', () => {
  it('starts an item at once when nothing else is to come', async () => {
    const { batcher, batches } = controlled()
    const result = batcher.submit(1)
    expect(batches.map(({ items }) => items)).toEqual([[1]])
    batches[0].finish()
    expect(await result).toBe(10)
  })

  it('gathers what comes while a batch is at work, up to the size of a batch', async () => {
    const { batcher, batches } = controlled()
    const results = [1, 2, 3, 4, 5, 6].map((item) => batcher.submit(item))
    expect(batcher.length).toBe(5)
    batches[0].finish()
    await sleep(0)
    batches[1].finish()
    await sleep(0)
    batches[2].finish()
    expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50, 60])
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4, 5], [6]])
  })

  it('waits for those on their way, but not longer than it may', async () => {
    const { batcher, batches } = controlled({ maxDelay: 30, expected: () => 1 })
    void batcher.submit(1)
    void batcher.submit(2)
    expect(batches).toEqual([])
    await sleep(60)
    expect(batches.map(({ items }) => items)).toEqual([[1, 2]])
  })

  it('does not wait for those who will not come after all', () => {
    let expected = 1
    const { batcher, batches } = controlled({ expected: () => expected })
    void batcher.submit(1)
    expected = 0
    batcher.consider()
    expect(batches).toHaveLength(1)
  })

  it('gives an error to all of its batch, and goes on', async () => {
    const { batcher, batches } = controlled()
    const results = [1, 2, 3].map((item) => batcher.submit(item))
    batches[0].fail(new Error('no engine'))
    await expect(results[0]).rejects.toThrow('no engine')
    await sleep(0)
    batches[1].finish()
    expect(await Promise.all(results.slice(1))).toEqual([20, 30])
  })

  it('takes back an item that waits, not one at work', async () => {
    const { batcher, batches } = controlled()
    const gone = new AbortController()
    const [first, second] = [batcher.submit(1, gone.signal), batcher.submit(2, gone.signal)]
    const third = batcher.submit(3)
    gone.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    batches[0].finish()
    expect(await first).toBe(10)
    await sleep(0)
    expect(batches[1].items).toEqual([3])
    batches[1].finish()
    expect(await third).toBe(30)
    await expect(batcher.submit(4, gone.signal)).rejects.toThrow('gone')
  })
})
