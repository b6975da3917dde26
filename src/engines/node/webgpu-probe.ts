/**
 * The process of `findWebGpu`: runs one operator on WebGPU, and prints the names of the graphics adapters. It is a process
 * of its own, since a driver may print warnings, wait for ever, or end it.
 */
import koffi from '#koffi'
import { messageOf } from '../../errors.js'
import { GraphBuilder } from '../../graph/builder.js'
import { relu } from '../../graph/ops/activation.js'
import { float32 } from '../../tensor.js'
import { onnxEngine } from '../onnx/onnx-engine.js'
import type { WebGpuAnswer } from './find-webgpu.js'
import { loadOnnxRuntime } from './load-onnx-runtime.js'

/** Sizes and places of Vulkan's C structures, on 64-bit systems (vulkan_core.h). */
const INSTANCE_CREATE_INFO = 64
const STRUCTURE_TYPE_INSTANCE_CREATE_INFO = 1
/** VkPhysicalDeviceProperties is 824 bytes; the name, of 256, comes after five whole numbers. */
const DEVICE_PROPERTIES = 1024
const NAME = 20
const NAME_LENGTH = 256

/** Dawn, which ONNX Runtime's WebGPU rests on, takes Vulkan on Linux; elsewhere the system's own, which tells no names here. */
function adapterNames(): string[] {
  if (process.platform !== 'linux') return []
  const vulkan = koffi.load('libvulkan.so.1')
  const createInstance = vulkan.func(
    'int vkCreateInstance(const void *info, uintptr_t allocator, _Out_ uintptr_t *instance)',
  )
  const enumerate = vulkan.func(
    'int vkEnumeratePhysicalDevices(uintptr_t instance, _Inout_ uint32_t *count, _Out_ uintptr_t *devices)',
  )
  const getProperties = vulkan.func('void vkGetPhysicalDeviceProperties(uintptr_t device, _Out_ uint8_t *properties)')
  const info = Buffer.alloc(INSTANCE_CREATE_INFO)
  info.writeInt32LE(STRUCTURE_TYPE_INSTANCE_CREATE_INFO)
  const instance = [0n]
  if (createInstance(info, 0, instance) !== 0) return []
  const devices = new BigUint64Array(16)
  const count = [devices.length]
  if (enumerate(instance[0], count, devices) < 0) return []
  return Array.from(devices.subarray(0, count[0]), (device) => {
    const properties = Buffer.alloc(DEVICE_PROPERTIES)
    getProperties(device, properties)
    const name = properties.subarray(NAME, NAME + NAME_LENGTH)
    return name.subarray(0, name.indexOf(0)).toString()
  })
}

async function probe(): Promise<WebGpuAnswer> {
  try {
    const graph = new GraphBuilder('probe')
    const program = graph.program({ outputs: { y: graph.add(relu, [graph.input('x', [2])], {}) } })
    const executable = await onnxEngine(await loadOnnxRuntime(), { provider: 'webgpu' }).compile(program)
    const { y } = await executable.run({ x: float32([2], [-1, 1]) })
    if (y.data[0] !== 0 || y.data[1] !== 1) return { problem: `it computes relu(-1), relu(1) as ${y.data.join(', ')}` }
    await executable.dispose()
  } catch (error) {
    return { problem: messageOf(error).split('\n')[0] }
  }
  try {
    return { adapters: adapterNames() }
  } catch {
    return { adapters: [] } // The names are a courtesy.
  }
}

process.stdout.write(`${JSON.stringify(await probe())}\n`, () => process.exit())
