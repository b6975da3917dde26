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

/** All engines, the fastest first, each loaded or with the reason why not. */
export async function engineOffers(): Promise<readonly EngineOffer[]> {
  return [
    await oneDnnOffer(),
    await onnxOffer(),
    {
      name: 'reference',
      about: 'plain loops in float64: the specification, for tests and for reading',
      found: 'built in',
      engine: referenceEngine(),
    },
  ]
}

async function oneDnnOffer(): Promise<EngineOffer> {
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

async function onnxOffer(): Promise<EngineOffer> {
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
  const offers = await engineOffers()
  if (name === 'auto') {
    const { found, engine } = offers.find((offer) => offer.engine)!
    return { engine: engine!, reason: `${found}, the fastest here` }
  }
  const offer = offers.find((candidate) => candidate.name === name)
  if (!offer)
    throw new AlexNetError(
      'unknown-name',
      `there is no engine '${name}'`,
      didYouMean(name, ['auto', ...offers.map((candidate) => candidate.name)]),
    )
  if (!offer.engine)
    throw new AlexNetError(
      'engine-unavailable',
      `the engine ${name} cannot run here: ${offer.problem}`,
      offer.hint ?? '`alexnet doctor` shows what can.',
    )
  return { engine: offer.engine, reason: offer.found! }
}
