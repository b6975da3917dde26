import type { Device } from '../../engines/device.js'
import type { Precision } from '../../engines/engine.js'
import { engineOffers } from '../../engines/node/engine-offers.js'
import { selectEngine } from '../../engines/node/select-engine.js'
import { engineKinds, expectPrecision } from '../../engines/registry.js'
import { AlexNetError } from '../../errors.js'
import type { Contestant } from './contestant.js'
import { inOwnProcess } from './own-process.js'

/**
 * The engines of these names in these precisions; without names all that can run here but the reference, which is not
 * made for speed. One that does not have a precision is left out, unless it is the only one that was asked for.
 */
export async function engineContestants(
  names: readonly string[] | undefined,
  precisions: readonly Precision[],
  device: Device,
  onLeftOut: (reason: string) => void,
): Promise<{ contestants: Contestant[]; versions: Record<string, string> }> {
  const asked =
    names ??
    (device === 'webgpu'
      ? engineKinds.filter((kind) => kind.device === device).map(({ name }) => name)
      : (await engineOffers()).flatMap(({ name, engine }) => (engine && name !== 'reference' ? name : [])))
  const contestants: Contestant[] = []
  const versions: Record<string, string> = {}
  for (const name of new Set(asked)) {
    const { engine, reason } = await selectEngine(name, device)
    versions[engine.name] = reason
    for (const precision of precisions)
      try {
        expectPrecision(engine, precision)
        contestants.push(engineContestant(engine.name, precision, device))
      } catch (error) {
        if (!(error instanceof AlexNetError && error.code === 'invalid-setting') || names?.length === 1) throw error
        onLeftOut(error.message)
      }
  }
  return { contestants, versions }
}

function engineContestant(engine: string, precision: Precision, device: Device): Contestant {
  return {
    runner: engine,
    precision,
    layout: 'default',
    isPeer: false,
    knows: () => true,
    measure: (workload, { threads, seconds, signal }) =>
      inOwnProcess('measure', { ...workload, engine, device, precision, threads, seconds }, signal),
  }
}
