import { AlexNetError, messageOf } from '../../errors.js'
import { didYouMean } from '../../suggest.js'
import type { Device } from '../device.js'
import type { Engine } from '../engine.js'
import { oneDnnEngine } from '../onednn/onednn-engine.js'
import { onnxEngine } from '../onnx/onnx-engine.js'
import { referenceEngine } from '../reference/reference-engine.js'
import { findWebGpu } from './find-webgpu.js'
import { temporaryProfileFile } from './profile-file.js'

/** An engine of this machine, or why it cannot run here. */
export interface EngineOffer {
  readonly name: string
  readonly about: string
  /** What was found: a version, say. */
  readonly found?: string
  /** Why it cannot run here, in one line. */
  readonly problem?: string
  /** What would make it run. */
  readonly hint?: string
  readonly engine?: Engine
}

/** The engine onnx on the graphics processor, or why it cannot run there. */
export async function webGpuOffer(): Promise<EngineOffer> {
  const offer = { name: 'onnx', about: 'ONNX Runtime on the graphics processor, by --device webgpu' }
  const [onnx, answer] = await Promise.all([findOnnx(), findWebGpu()])
  if (!onnx.engine) return { ...onnx, ...offer, engine: undefined }
  if ('problem' in answer)
    return {
      ...offer,
      problem: answer.problem,
      hint: 'It needs a graphics card with its driver; on Linux a Vulkan one, and the Vulkan loader (`apt install libvulkan1`).',
    }
  const { adapters } = answer
  const runtime = await import('onnxruntime-node')
  return {
    ...offer,
    found: `WebGPU, ${adapters.length > 0 ? adapters.join(' or ') : 'an adapter that tells no name here'}`,
    engine: onnxEngine(runtime, { provider: 'webgpu' }),
  }
}

/** How to find each engine, the fastest first. */
const finders: Readonly<Record<string, () => Promise<EngineOffer>>> = {
  onednn: findOneDnn,
  onnx: findOnnx,
  reference: async () => ({
    name: 'reference',
    about: 'plain loops in float64: the specification, for tests and for reading',
    found: 'built in',
    engine: referenceEngine(),
  }),
}

/** All engines, the fastest first, each loaded or with the reason why not. */
export function engineOffers(): Promise<readonly EngineOffer[]> {
  return Promise.all(Object.values(finders).map((find) => find()))
}

async function findOneDnn(): Promise<EngineOffer> {
  const offer = { name: 'onednn', about: "oneDNN, the system's library of processor kernels" }
  try {
    const { OneDnn } = await import('../onednn/native/onednn.js')
    const { file, version, instructionSet, computesBfloat16 } = OneDnn.load()
    return {
      ...offer,
      found: `oneDNN ${version} (${file}), ${instructionSet}${computesBfloat16 ? ', computes in bfloat16' : ''}`,
      engine: oneDnnEngine(),
    }
  } catch (error) {
    return {
      ...offer,
      problem: messageOf(error).split('\n')[0],
      hint: error instanceof AlexNetError ? error.hint : undefined,
    }
  }
}

async function findOnnx(): Promise<EngineOffer> {
  const offer = { name: 'onnx', about: 'ONNX Runtime on the processor' }
  try {
    const runtime = await import('onnxruntime-node')
    return {
      ...offer,
      found: `onnxruntime-node ${runtime.env.versions.node ?? ''}`.trim(),
      engine: onnxEngine(runtime, { profileFile: temporaryProfileFile }),
    }
  } catch (error) {
    return { ...offer, problem: messageOf(error).split('\n')[0] }
  }
}

/** An engine and the reason why it was taken. */
export interface SelectedEngine {
  readonly engine: Engine
  readonly reason: string
}

/**
 * Takes an engine by name; `auto` takes the fastest that can run here. On `webgpu` that is always onnx.
 * @throws AlexNetError `unknown-name`, `invalid-setting` for an engine that does not compute on the device, or
 *   `engine-unavailable` when it cannot run here.
 */
export async function selectEngine(name: string, device: Device = 'cpu'): Promise<SelectedEngine> {
  if (device === 'webgpu') return selectOnWebGpu(name)
  if (name === 'auto') {
    for (const find of Object.values(finders)) {
      const { engine, found } = await find()
      if (engine) return { engine, reason: `${found}, the fastest here` }
    }
    throw new Error('the reference engine is always there')
  }
  const find = Object.hasOwn(finders, name) ? finders[name] : undefined
  if (!find) throw unknownEngine(name)
  const { engine, found, problem, hint } = await find()
  if (!engine)
    throw new AlexNetError(
      'engine-unavailable',
      `the engine ${name} cannot run here: ${problem}`,
      hint ?? '`alexnet doctor` shows what can.',
    )
  return { engine, reason: found! }
}

async function selectOnWebGpu(name: string): Promise<SelectedEngine> {
  if (name !== 'auto' && !Object.hasOwn(finders, name)) throw unknownEngine(name)
  if (name !== 'auto' && name !== 'onnx')
    throw new AlexNetError(
      'invalid-setting',
      `the engine ${name} does not compute on webgpu, only on the processor`,
      '`--engine onnx` does.',
    )
  const { engine, found, problem, hint } = await webGpuOffer()
  if (!engine) throw new AlexNetError('engine-unavailable', `WebGPU does not work here: ${problem}`, hint)
  return { engine, reason: found! }
}

function unknownEngine(name: string): AlexNetError {
  return new AlexNetError(
    'unknown-name',
    `there is no engine '${name}'`,
    didYouMean(name, ['auto', ...Object.keys(finders)]),
  )
}
