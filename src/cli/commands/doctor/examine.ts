import { cpus } from 'node:os'
import { findCifar10 } from '../../../data/node/cifar10-download.js'
import { dataDirectory } from '../../../data/node/data-directory.js'
import type { Machine } from '../../../engines/machine.js'
import { engineOffers } from '../../../engines/node/engine-offers.js'
import { describeMachine } from '../../../engines/node/machine.js'
import type { EngineOffer } from '../../../engines/registry.js'

/** What `alexnet doctor` finds. */
export interface Findings {
  readonly machine: Machine
  readonly engines: readonly Omit<EngineOffer, 'device' | 'engine'>[]
  /** What the graphics processor offers. */
  readonly graphics: Omit<EngineOffer, 'name' | 'device' | 'engine'>
  readonly datasets: readonly { name: string; found: boolean; place: string }[]
  readonly advice: readonly string[]
}

/** Looks at the machine: engines, threads, data sets. Nothing is downloaded or changed. */
export async function examine(): Promise<Findings> {
  const [offers, [graphics]] = await Promise.all([engineOffers('cpu'), engineOffers('webgpu')])
  const machine = describeMachine()
  const cifar10 = await findCifar10()
  const onnx = offers.find(({ name }) => name === 'onnx')
  const advice: string[] = []
  if (onnx?.problem)
    advice.push('Install again with `npm ci`: without ONNX Runtime only the slow reference engine is left.')
  if (machine.threads < cpus().length)
    advice.push(
      `This process may use ${machine.threads} of ${cpus().length} processors: ask for more (taskset, container limits).`,
    )
  const oneDnn = offers.find(({ name }) => name === 'onednn')
  if (oneDnn?.problem) advice.push(`With oneDNN training is several times faster. ${oneDnn.hint ?? ''}`.trim())
  if (!cifar10) advice.push('CIFAR-10 is downloaded (170 MB) by the first `alexnet train cifar10`.')
  return {
    machine,
    engines: offers.map(({ name, about, precisions, found, problem, hint }) => {
      return { name, about, precisions, found, problem, hint }
    }),
    graphics: {
      about: graphics.about,
      precisions: graphics.precisions,
      found: graphics.found,
      problem: graphics.problem,
      hint: graphics.hint,
    },
    datasets: [
      { name: 'shapes', found: true, place: 'drawn by code' },
      { name: 'cifar10', found: cifar10 !== undefined, place: cifar10 ?? `not in ${dataDirectory()}` },
    ],
    advice,
  }
}
