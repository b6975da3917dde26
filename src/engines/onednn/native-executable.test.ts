import { expect, it, vi } from 'vitest'
import type { LoweredProgram } from './lower-program.js'
import type { OneDnn } from './native/onednn.js'
import type { MemoryDesc, PrimitiveDesc } from './native/types.js'
import { NativeExecutable } from './native-executable.js'
import type { Step, Value } from './plan.js'

it('frees what it has made where a later step cannot be prepared', () => {
  const dnn = {
    bytesOf: () => 64,
    createPrimitive: vi.fn(() => 1n),
    createMemory: vi.fn(() => 2n),
    packArguments: vi.fn(),
    destroyPrimitive: vi.fn(),
    destroyMemory: vi.fn(),
  }
  const desc = {} as MemoryDesc
  const value = (bytes: number): Value => ({
    buffer: { lifetime: 'step', bytes },
    offset: 0,
    dims: [16],
    type: 'float32',
    desc,
  })
  const step = (read: Value): Step => ({
    label: { layer: 'features.0', operator: 'relu' },
    primitive: {} as PrimitiveDesc,
    arguments: [['src', read]],
  })
  const lowered: LoweredProgram = {
    plan: { preparation: [], steps: [step(value(64)), step(value(4))], constants: [] },
    inputs: new Map(),
    outputs: new Map(),
    state: new Map(),
    dispose: vi.fn(),
  }
  const make = () => new NativeExecutable(dnn as unknown as OneDnn, lowered, { threads: 1, profile: false })
  expect(make).toThrow('a tensor is larger than its memory')
  expect(dnn.destroyPrimitive).toHaveBeenCalledTimes(dnn.createPrimitive.mock.calls.length)
  expect(dnn.destroyMemory).toHaveBeenCalledTimes(dnn.createMemory.mock.calls.length)
  expect(dnn.createMemory).toHaveBeenCalledTimes(1)
  expect(lowered.dispose).toHaveBeenCalledTimes(1)
})
