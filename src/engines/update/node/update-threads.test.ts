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

it.each([1, 2, 3])('a pass on %d threads does every value once', async (threads) => {
  const limits = { pages: Math.ceil((4 * VALUES) / 65536), shared: true }
  const memory = new WebAssembly.Memory({ initial: limits.pages, maximum: limits.pages, shared: true })
  const values = new Float32Array(memory.buffer, 0, VALUES)
  const runner = updateThreads(threads)(new WebAssembly.Module(wasmModule([add], limits)), memory)
  // The threads come when they are ready: the first rounds are run without them, the last ones with them.
  const end = performance.now() + 400
  let rounds = 0
  while (performance.now() < end || rounds < 3) {
    runner.run({ index: 0, turns: TURNS, addresses: [0], scalars: [1] })
    rounds++
    if (rounds % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  runner.dispose()
  expect(values.every((value) => value === rounds)).toBe(true)
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
