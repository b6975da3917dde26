import * as z from 'zod'
import { rememberedFile, rememberedPath } from '../../data/node/remembered-file.js'
import { AlexNetError } from '../../errors.js'
import { type AutoEngineOptions, autoEngine, type Candidate, type EngineChoice } from '../auto/auto-engine.js'
import type { Device } from '../device.js'
import { tuningMode } from '../onednn/tuning/tuning-mode.js'
import { type EngineOffer, engineKind, engineKinds } from '../registry.js'
import { type EngineHooks, offerOf } from './engine-offers.js'

/** An engine and the reason why it was taken. */
export type SelectedEngine = EngineChoice

export interface SelectOptions extends EngineHooks, Pick<AutoEngineOptions, 'onComparing' | 'onChosen'> {
  /**
   * Whether `auto` may measure a program that is new on this machine, with each engine. Default: true. What takes less time
   * than that goes by what is remembered.
   */
  readonly measures?: boolean
}

/** Loops in float64 are no competition. */
const SLOW = 'reference'

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
  const offers = await Promise.all(kinds.map((kind) => offerOf(kind, options)))
  const [first, ...others] = offers.flatMap(({ engine, found = '' }): Candidate[] =>
    engine ? [{ engine, found }] : [],
  )
  if (!first) throw unavailable(offers[0])
  const rivals = others.filter(({ engine }) => engine.name !== SLOW)
  if (rivals.length === 0)
    return { ...first, reason: kinds.length > 1 ? `${first.found}, the fastest here` : first.found }
  if (tuningMode() === 'off') return { ...first, reason: `${first.found}, presumably the fastest here` }
  const candidates = [first, ...rivals]
  const { measures = true, onComparing, onChosen } = options
  const times = rememberedFile(rememberedPath('engine-times.json'), {
    format: 'alexnet-engine-times-1',
    value: z.record(z.string(), z.number()),
    of: candidates.map(({ engine, found }) => `${engine.name} ${found}`).join(', '),
  })
  return {
    engine: autoEngine({ candidates, times, measures, onComparing, onChosen }),
    reason: `${candidates.map(({ engine }) => engine.name).join(' or ')}, whichever is faster for a program`,
  }
}

function unavailable({ name, device, problem, hint = '`alexnet doctor` shows what can.' }: EngineOffer): AlexNetError {
  const what = device === 'webgpu' ? 'WebGPU does not work here' : `the engine ${name} cannot run here`
  return new AlexNetError('engine-unavailable', `${what}: ${problem}`, hint)
}
