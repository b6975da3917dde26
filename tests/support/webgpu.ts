import { existsSync } from 'node:fs'
import { findWebGpu } from '../../src/engines/node/find-webgpu.js'
import { loadOnnxRuntime } from '../../src/engines/node/load-onnx-runtime.js'
import { onnxEngine } from '../../src/engines/onnx/onnx-engine.js'
import type { OnnxRuntimeModule } from '../../src/engines/onnx/onnx-runtime.js'

const onnxRuntime = await loadOnnxRuntime()

/** SwiftShader, a graphics adapter in software, is part of Debian's chromium. Vulkan finds it by these variables. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (existsSync(swiftShader)) {
  process.env.VK_DRIVER_FILES ??= swiftShader
  process.env.VK_ICD_FILENAMES ??= swiftShader
}

const answer = await findWebGpu(new URL('../../dist/engines/node/webgpu-probe.js', import.meta.url))

/** Why the tests on WebGPU cannot run here; undefined where they can. */
export const missingWebGpu =
  'problem' in answer
    ? `${answer.problem}; \`apt install chromium libvulkan1\` brings an adapter in software`
    : undefined

/** The engine onnx on WebGPU. Slow on SwiftShader: give it tiny nets. */
export const onnxOnWebGpu = (runtime: OnnxRuntimeModule = onnxRuntime) => onnxEngine(runtime, { provider: 'webgpu' })
