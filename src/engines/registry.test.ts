import { describe, expect, it } from 'vitest'
import type { Engine, Precision } from './engine.js'
import { engineKind, engineKinds, engineNames, expectPrecision } from './registry.js'

const engineOf = (name: string, precisions: readonly Precision[]): Engine => ({
  name,
  precisions,
  compile: () => Promise.reject(new Error('nothing is compiled to find a precision')),
})

describe('the registry of engines', () => {
  it('has each engine once on a device', () => {
    const places = engineKinds.map(({ name, device }) => `${name} on ${device}`)
    expect(new Set(places).size).toBe(places.length)
    expect(engineNames).toEqual(['onednn', 'onnx', 'reference'])
  })

  it('finds an engine on a device', () => {
    expect(engineKind('onnx', 'webgpu')).toMatchObject({ name: 'onnx', device: 'webgpu', precisions: ['float32'] })
  })

  it('says what an unknown engine may have meant', () => {
    expect(() => engineKind('onedn', 'cpu')).toThrow(
      expect.objectContaining({
        code: 'unknown-name',
        hint: "Did you mean 'onednn'? Known: auto, onednn, onnx, reference.",
      }),
    )
  })

  it('says what computes on a device where an engine does not', () => {
    expect(() => engineKind('onednn', 'webgpu')).toThrow(
      expect.objectContaining({
        code: 'invalid-setting',
        message: 'the engine onednn does not compute on webgpu, only on cpu',
        hint: '`--engine onnx` does.',
      }),
    )
  })
})

describe('a precision', () => {
  it('is accepted where the engine has it; float32 where none is asked for', () => {
    expectPrecision(engineOf('onnx', ['float32']))
    expectPrecision(engineOf('onednn', ['float32', 'bfloat16']), 'bfloat16')
  })

  it('is refused where the engine has it nowhere, with the engine that has it', () => {
    expect(() => expectPrecision(engineOf('onnx', ['float32']), 'bfloat16')).toThrow(
      expect.objectContaining({
        code: 'invalid-setting',
        message: 'the engine onnx has no precision bfloat16, only float32',
        hint: '`--engine onednn` has it.',
      }),
    )
  })

  it('is refused where the engine has it on other machines', () => {
    expect(() => expectPrecision(engineOf('onednn', ['float32']), 'bfloat16')).toThrow(
      expect.objectContaining({
        code: 'invalid-setting',
        message: 'onednn: this processor does not compute in bfloat16',
        hint: expect.stringContaining('--precision float32'),
      }),
    )
  })
})
