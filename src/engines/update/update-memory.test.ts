import { afterEach, expect, it, vi } from 'vitest'
import { UpdateMemory } from './update-memory.js'

afterEach(() => vi.restoreAllMocks())

it('regions begin at whole turns of a pass', () => {
  const memory = new UpdateMemory([3, 16, 17, 1], false)
  expect([0, 1, 2, 3].map((i) => memory.regions[i].address)).toEqual([0, 64, 128, 256])
  expect(memory.regions[2].values).toEqual(new Float32Array(17))
})

it('more than WebAssembly addresses is refused', () => {
  expect(() => new UpdateMemory([2 ** 30, 2 ** 28], false)).toThrow(
    expect.objectContaining({
      code: 'engine-failed',
      message: 'parameters, gradients and what the optimizer keeps take 5.0 GiB, this engine trains with at most 4',
      hint: 'Take a smaller network (`--width`), or `--engine onednn`.',
    }),
  )
})

it('memory that the system refuses is an error of one line', () => {
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function refuse() {
    throw new RangeError('could not allocate memory')
  })
  expect(() => new UpdateMemory([2 ** 27], true)).toThrow(
    expect.objectContaining({
      code: 'engine-failed',
      message:
        'parameters, gradients and what the optimizer keeps take 0.5 GiB, which cannot be had: could not allocate memory',
      hint: expect.stringContaining('--width'),
    }),
  )
})
