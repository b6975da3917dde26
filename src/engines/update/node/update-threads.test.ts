import { expect, it } from 'vitest'
import { updateThreads } from '../../../../dist/engines/update/node/update-threads.js'
import { shareOf } from '../pass-runner.js'
import { wasm, wasmModule } from '../wasm-module.js'

const TURNS = 10_000
const VALUES = 16 * TURNS

/** x ← x + s, in turns of 64 bytes as a compiled pass has them. */
const add = {
  parameters: ['i32', 'i32', 'f32'] as const,
  vectors: 1,
  body: [
    ...[...wasm.get(2), ...wasm.splat, ...wasm.set(3)],
    ...wasm.loop([
      ...[0, 16, 32, 48].flatMap((offset) => [
        ...wasm.get(1),
        ...[...wasm.get(1), ...wasm.load(offset), ...wasm.get(3), ...wasm.add],
        ...wasm.store(offset),
      ]),
      ...[...wasm.get(1), ...wasm.i32(64), ...wasm.addI32, ...wasm.set(1)],
      ...[...wasm.get(0), ...wasm.i32(-1), ...wasm.addI32, ...wasm.tee(0)],
    ]),
  ],
}

/** Threads that add over a memory, and its values. */
function adding(threads: number, { mostSeconds, shared = true }: { mostSeconds?: number; shared?: boolean } = {}) {
  const limits = { pages: Math.ceil((4 * VALUES) / 65536), shared }
  const memory = new WebAssembly.Memory({ initial: limits.pages, maximum: limits.pages, shared })
  const runner = updateThreads(threads, mostSeconds)(new WebAssembly.Module(wasmModule([add], limits)), memory)
  const run = (address = 0) => runner.run({ index: 0, turns: TURNS, addresses: [address], scalars: [1] })
  /** Runs until the threads take part: they come when they are ready. Returns how often. */
  const runUntilShared = async () => {
    for (let rounds = 1; ; rounds++) {
      run()
      if (runner.sharedPasses > 0) return rounds
      if (rounds === 2000) throw new Error('the threads have not come')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return { runner, run, runUntilShared, values: new Float32Array(memory.buffer, 0, VALUES) }
}

it.each([2, 3])('a pass on %d threads does every value once', async (threads) => {
  const { runner, run, runUntilShared, values } = adding(threads)
  const rounds = await runUntilShared()
  for (let i = 0; i < 200; i++) run()
  expect(runner.sharedPasses).toBe(201)
  expect(values.every((value) => value === rounds + 200)).toBe(true)
  runner.dispose()
})

it('one thread does all by itself', () => {
  const { runner, run, values } = adding(1)
  for (let i = 0; i < 3; i++) run()
  expect(runner.sharedPasses).toBe(0)
  expect(values.every((value) => value === 3)).toBe(true)
  runner.dispose()
})

it('where the others cannot be started, the calling thread does all', async () => {
  // What is not shared cannot be sent, which a start refuses at once, as it does where the system allows no more threads.
  const { runner, run, values } = adding(2, { shared: false })
  for (let i = 0; i < 3; i++) run()
  expect(runner.sharedPasses).toBe(0)
  expect(values.every((value) => value === 3)).toBe(true)
  runner.dispose()
})

it('a thread that dies is missed after a while, and not waited for ever', async () => {
  const { runner, run, runUntilShared, values } = adding(2, { mostSeconds: 0.1 })
  await runUntilShared()
  // The other's half goes beyond the memory's end, which kills it.
  expect(() => run(values.byteLength / 2)).toThrow(
    expect.objectContaining({
      code: 'engine-failed',
      message: 'a thread of the update has not done its share in 0.1 seconds',
    }),
  )
  runner.dispose()
})

it('shares are equal but for one turn, and whole together', () => {
  const call = { index: 0, turns: 11, addresses: [64, 1024], scalars: [] }
  const shares = [0, 1, 2].map((share) => shareOf(call, share, 3))
  expect(shares.map(({ turns }) => turns)).toEqual([3, 4, 4])
  expect(shares.map(({ addresses }) => addresses)).toEqual([
    [64, 1024],
    [64 + 3 * 64, 1024 + 3 * 64],
    [64 + 7 * 64, 1024 + 7 * 64],
  ])
})
