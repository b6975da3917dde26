import { existsSync } from 'node:fs'
import * as onnxRuntime from 'onnxruntime-node'
import { onnxEngine } from '../src/engines/onnx/onnx-engine.js'
import type { OnnxRuntimeModule } from '../src/engines/onnx/onnx-executable.js'
import { caseProgram, operatorCases } from './operator-cases.js'

/** SwiftShader, a graphics adapter in software, is part of Debian's chromium. Vulkan finds it by these variables. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (existsSync(swiftShader)) {
  process.env.VK_DRIVER_FILES ??= swiftShader
  process.env.VK_ICD_FILENAMES ??= swiftShader
}

/** The engine onnx on WebGPU. Slow on SwiftShader: give it tiny nets. */
export const onnxOnWebGpu = (runtime: OnnxRuntimeModule = onnxRuntime) => onnxEngine(runtime, { provider: 'webgpu' })

/** Why the tests on WebGPU cannot run here; undefined where they can. */
export async function missingWebGpu(): Promise<string | undefined> {
  try {
    const relu = operatorCases.find(({ name }) => name === 'relu')!
    const executable = await onnxOnWebGpu().compile(caseProgram(relu))
    await executable.run({ x0: { dtype: 'float32', shape: relu.inputs[0].shape, data: new Float32Array(24) } })
    await executable.dispose()
    return undefined
  } catch (error) {
    return `there is no graphics adapter (apt install chromium libvulkan1 brings one in software): ${error}`
  }
}
