import { AlexNetError, messageOf } from '../../errors.js'
import { didYouMean } from '../../suggest.js'
import type { Engine } from '../engine.js'
import { oneDnnEngine } from '../onednn/onednn-engine.js'
import { onnxEngine } from '../onnx/onnx-engine.js'
import { referenceEngine } from '../reference/reference-engine.js'
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
 * Takes an engine by name; `auto` takes the fastest that can run here.
 * @throws AlexNetError `unknown-name`, or `engine-unavailable` when it cannot run here.
 */
export async function selectEngine(name: string): Promise<SelectedEngine> {
  if (name === 'auto') {
    for (const find of Object.values(finders)) {
      const { engine, found } = await find()
      if (engine) return { engine, reason: `${found}, the fastest here` }
    }
    throw new Error('the reference engine is always there')
  }
  const find = Object.hasOwn(finders, name) ? finders[name] : undefined
  if (!find)
    throw new AlexNetError(
      'unknown-name',
      `there is no engine '${name}'`,
      didYouMean(name, ['auto', ...Object.keys(finders)]),
    )
  const { engine, found, problem, hint } = await find()
  if (!engine)
    throw new AlexNetError(
      'engine-unavailable',
      `the engine ${name} cannot run here: ${problem}`,
      hint ?? '`alexnet doctor` shows what can.',
    )
  return { engine, reason: found! }
}
