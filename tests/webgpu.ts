import { existsSync } from 'node:fs'
import * as onnxRuntime from 'onnxruntime-node'
import type { Engine } from '../src/engines/engine.js'
import { onnxEngine } from '../src/engines/onnx/onnx-engine.js'

/** SwiftShader, a graphics adapter in software, is part of Debian's chromium. Vulkan finds it by these variables. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (existsSync(swiftShader)) {
  process.env.VK_DRIVER_FILES ??= swiftShader
  process.env.VK_ICD_FILENAMES ??= swiftShader
}

/** The engine onnx on WebGPU, where there is an adapter, if only one in software. Slow there: give it tiny nets. */
export const onnxOnWebGpu: Engine = onnxEngine(onnxRuntime, { provider: 'webgpu' })
