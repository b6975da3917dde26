import { availableParallelism } from 'node:os'
import * as z from 'zod'
import { rememberedFile, rememberedPath } from '../../data/node/remembered-file.js'
import { AlexNetError } from '../../errors.js'
import {
  type AutoEngineOptions,
  autoEngine,
  type Candidate,
  type EngineChoice,
  type EngineTimes,
} from '../auto/auto-engine.js'
import type { Device } from '../device.js'
import { tuningMode } from '../onednn/tuning/tuning-mode.js'
import { type EngineOffer, engineKind, engineKinds } from '../registry.js'
import { type EngineHooks, offerOf } from './engine-offers.js'

type Kind = (typeof engineKinds)[number]

/** An engine and the reason why it was taken. */
export type SelectedEngine = EngineChoice

export interface SelectOptions extends EngineHooks, Pick<AutoEngineOptions, 'onComparing' | 'onChosen'> {
  /**
   * Whether `auto` may measure a program that is new on this machine, with each engine. Default: true. What takes less time
   * than that goes by what is remembered.
   */
  readonly measures?: boolean
}

/**
 * Takes an engine by name; `auto` takes for each program the one that is fastest here, on the device: it measures, and
 * remembers (`ALEXNET_TUNE=off`: it takes the first of the registry that can run here).
 *
 * @throws AlexNetError `unknown-name`, `invalid-setting` for an engine that does not compute on the device, or
 *   `engine-unavailable` when it cannot run here.
 */
export async function selectEngine(
  name = 'auto',
  device: Device = 'cpu',
  options: SelectOptions = {},
): Promise<SelectedEngine> {
  const kinds = name === 'auto' ? engineKinds.filter((kind) => kind.device === device) : [engineKind(name, device)]
  const offers: EngineOffer[] = []
  for (const [i, kind] of kinds.entries()) {
    const offer = await offerOf(kind, options)
    offers.push(offer)
    const { engine, found = '' } = offer
    if (!engine) continue
    const rivals = kinds.slice(i + 1).filter((each) => each.name !== SLOW)
    if (rivals.length > 0) return auto({ engine, found }, rivals, options)
    return { engine, reason: kinds.length > 1 ? `${found}, the fastest here` : found }
  }
  throw unavailable(offers[0])
}

/** Loops in float64 are no competition. */
const SLOW = 'reference'

function auto(first: Candidate, kinds: readonly Kind[], options: SelectOptions): SelectedEngine {
  const mode = tuningMode()
  const rivals = kinds.map((kind) => ({
    name: kind.name,
    async find(): Promise<Candidate | undefined> {
      const { engine, found = '' } = await offerOf(kind, options)
      return engine && { engine, found }
    },
  }))
  const { measures = true, onComparing, onChosen } = options
  const isOn = mode !== 'off'
  const times = isOn ? rememberedTimes(mode) : { recall: () => undefined, keep() {} }
  const threads = availableParallelism()
  return {
    engine: autoEngine({ first, rivals, times, threads, measures: measures && isOn, onComparing, onChosen }),
    reason: `${[first.engine, ...rivals].map((each) => each.name).join(' or ')}, whichever is faster for a program`,
  }
}

function rememberedTimes(mode: string): EngineTimes {
  return rememberedFile(rememberedPath('engine-times.json'), {
    format: 'alexnet-engine-times-1',
    value: z.record(z.string(), z.object({ found: z.string(), milliseconds: z.number().positive() })),
    of: `kernels ${mode}`,
  })
}

function unavailable({ name, device, problem, hint = '`alexnet doctor` shows what can.' }: EngineOffer): AlexNetError {
  const what = device === 'webgpu' ? 'WebGPU does not work here' : `the engine ${name} cannot run here`
  return new AlexNetError('engine-unavailable', `${what}: ${problem}`, hint)
}
