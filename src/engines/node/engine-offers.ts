import type * as OnnxRuntime from 'onnxruntime-common'
import { AlexNetError, messageOf } from '../../errors.js'
import type { Device } from '../device.js'
import type { Engine } from '../engine.js'
import type { OneDnnEngineOptions } from '../onednn/onednn-engine.js'
import { type EngineOffer, engineKinds } from '../registry.js'
import { findWebGpu } from './find-webgpu.js'
import { loadOnnxRuntime } from './load-onnx-runtime.js'
import { temporaryProfileFile } from './profile-file.js'

type Kind = (typeof engineKinds)[number]
type KeyOf<K extends Kind> = K extends Kind ? `${K['name']} on ${K['device']}` : never
type Found = { readonly found: string; readonly engine: Engine } | { readonly problem: string; readonly hint?: string }

/** How to find each engine in Node. What an engine consists of is loaded with it: most programs take one. */
const finders: { readonly [Key in KeyOf<Kind>]: (hooks: EngineHooks) => Promise<Found> } = {
  'onednn on cpu': findOneDnn,
  'onnx on cpu': findOnnxRuntime,
  'reference on cpu': async () => {
    const { referenceEngine } = await import('../reference/reference-engine.js')
    return { found: 'built in', engine: referenceEngine() }
  },
  'onnx on webgpu': () => withOnnxRuntime(onWebGpu),
}

/** What a caller wants to hear of an engine while it works. */
export type EngineHooks = Pick<OneDnnEngineOptions, 'onMeasuring'>

/** Loads an engine, or says why it cannot run here. */
export async function offerOf(kind: Kind, hooks: EngineHooks = {}): Promise<EngineOffer> {
  const { name, device, about } = kind
  const found = await finders[`${name} on ${device}` as KeyOf<Kind>](hooks)
  return { name, device, about, ...found, precisions: 'engine' in found ? found.engine.precisions : kind.precisions }
}

/** All engines that compute on a device, the fastest first, each loaded or with the reason why not. */
export function engineOffers(device: Device = 'cpu'): Promise<readonly EngineOffer[]> {
  return Promise.all(engineKinds.filter((kind) => kind.device === device).map((kind) => offerOf(kind)))
}

async function findOneDnn({ onMeasuring }: EngineHooks): Promise<Found> {
  try {
    const { OneDnn } = await import('../onednn/native/onednn.js')
    const { oneDnnEngine } = await import('../onednn/onednn-engine.js')
    const { file, version, instructionSet, computesBfloat16 } = OneDnn.load()
    return {
      found: `oneDNN ${version} (${file}), ${instructionSet}${computesBfloat16 ? ', computes in bfloat16' : ''}`,
      engine: oneDnnEngine({ computesBfloat16, onMeasuring }),
    }
  } catch (error) {
    return {
      problem: messageOf(error).split('\n')[0],
      hint: error instanceof AlexNetError ? error.hint : undefined,
    }
  }
}

/** By its C interface, or where that cannot be called through its binding for Node. */
async function findOnnxRuntime(): Promise<Found> {
  try {
    const [{ loadOrtLibrary }, { nativeOnnxEngine }] = await Promise.all([
      import('../onnx/node/ort-library.js'),
      import('../onnx/node/native-onnx-engine.js'),
    ])
    const { version } = await loadOrtLibrary()
    return { found: `onnxruntime-node ${version}`, engine: nativeOnnxEngine() }
  } catch {
    return withOnnxRuntime(async (runtime) => {
      const { SessionProfiler } = await import('../onnx/session-profiler.js')
      const newProfiler = () => new SessionProfiler(temporaryProfileFile)
      const found = `onnxruntime-node ${runtime.env.versions.node ?? ''}`.trim()
      return { found, engine: (await loadOnnxEngine())(runtime, { newProfiler }) }
    })
  }
}

async function loadOnnxEngine() {
  const { onnxEngine } = await import('../onnx/onnx-engine.js')
  return onnxEngine
}

async function withOnnxRuntime(find: (runtime: typeof OnnxRuntime) => Promise<Found>): Promise<Found> {
  let runtime: typeof OnnxRuntime
  try {
    runtime = await loadOnnxRuntime()
  } catch (error) {
    return { problem: messageOf(error).split('\n')[0] }
  }
  return find(runtime)
}

async function onWebGpu(runtime: typeof OnnxRuntime): Promise<Found> {
  const answer = await findWebGpu()
  if ('problem' in answer)
    return {
      problem: answer.problem,
      hint: 'It needs a graphics card with its driver; on Linux a Vulkan one, and the Vulkan loader (`apt install libvulkan1`).',
    }
  const { adapters } = answer
  return {
    found: `WebGPU, ${adapters.length > 0 ? adapters.join(' or ') : 'an adapter that tells no name here'}`,
    engine: (await loadOnnxEngine())(runtime, { provider: 'webgpu' }),
  }
}
