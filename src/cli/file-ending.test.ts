import { describe, expect, it } from 'vitest'
import { endingOf, expectFolderName } from './file-ending.js'

describe('the ending of a file', () => {
  it.each([
    ['a.onnx', 'onnx'],
    ['a.b/c.ONNX', 'onnx'],
    ['a.safetensors', 'safetensors'],
  ])('of %s is %s', (file, ending) => {
    expect(endingOf(file, ['onnx', 'safetensors'], '')).toBe(ending)
  })

  it.each(['x.tflite', 'x.pth', 'x', 'onnx', 'x.onnx.zip', 'a.onnx/x'])('of %s is none of them', (file) => {
    expect(() => endingOf(file, ['onnx', 'safetensors'], 'hint')).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `--out ${file}: expected a name that ends in .onnx or .safetensors`,
        hint: 'hint',
      }),
    )
  })
})

describe('a folder for a run', () => {
  it.each([undefined, 'runs/a', 'runs/v1.5', 'a.onnx/b'])('may be called %s', (folder) => {
    expect(() => expectFolderName(folder)).not.toThrow()
  })

  it.each(['model.onnx', 'model.pth', 'runs/model.PT', 'x.h5'])('is not called %s', (folder) => {
    expect(() => expectFolderName(folder)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
