import { AlexNetError } from '../../errors.js'
import type { Device } from '../device.js'
import type { Engine } from '../engine.js'
import { type EngineOffer, engineKind, engineKinds } from '../registry.js'
import { type EngineHooks, offerOf } from './engine-offers.js'

/** An engine and the reason why it was taken. */
export interface SelectedEngine {
  readonly engine: Engine
  readonly reason: string
}

/**
 * Takes an engine by name; `auto` takes the fastest that can run here, on the device.
 * @throws AlexNetError `unknown-name`, `invalid-setting` for an engine that does not compute on the device, or
 *   `engine-unavailable` when it cannot run here.
 */
export async function selectEngine(
  name = 'auto',
  device: Device = 'cpu',
  hooks: EngineHooks = {},
): Promise<SelectedEngine> {
  const kinds = name === 'auto' ? engineKinds.filter((kind) => kind.device === device) : [engineKind(name, device)]
  const offers: EngineOffer[] = []
  for (const kind of kinds) {
    const offer = await offerOf(kind, hooks)
    const { engine, found } = offer
    if (engine) return { engine, reason: kinds.length > 1 ? `${found}, the fastest here` : found! }
    offers.push(offer)
  }
  throw unavailable(offers[0])
}

function unavailable({ name, device, problem, hint = '`alexnet doctor` shows what can.' }: EngineOffer): AlexNetError {
  const what = device === 'webgpu' ? 'WebGPU does not work here' : `the engine ${name} cannot run here`
  return new AlexNetError('engine-unavailable', `${what}: ${problem}`, hint)
}
