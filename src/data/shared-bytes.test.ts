import { afterEach, expect, it, vi } from 'vitest'
import { sharedBytes } from './shared-bytes.js'

afterEach(() => vi.unstubAllGlobals())

it('gives zeroed bytes in shared memory', () => {
  const bytes = sharedBytes(5)
  expect([...bytes]).toEqual([0, 0, 0, 0, 0])
  expect(bytes.buffer).toBeInstanceOf(SharedArrayBuffer)
})

it('takes ordinary memory where there is none that is shared', () => {
  vi.stubGlobal('SharedArrayBuffer', undefined)
  expect(sharedBytes(5).buffer).toBeInstanceOf(ArrayBuffer)
})
