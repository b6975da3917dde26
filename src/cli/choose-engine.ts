import { isAutoEngine } from '../engines/auto/auto-engine.js'
import { type SelectedEngine, selectEngine } from '../engines/node/select-engine.js'
import { counted } from './format.js'
import type { ComputeOptions } from './options.js'
import { detail, remark } from './output.js'

/**
 * The engine that the compute options ask for.
 *
 * @param measures Whether the work is long enough for the engines to be compared first.
 * @throws As `selectEngine` does.
 */
export async function chooseEngine(options: ComputeOptions, { measures = true } = {}): Promise<SelectedEngine> {
  const { engine: name, device, threads, precision } = options
  const computing = `${counted(threads, 'thread')}, ${precision}`
  const selected = await selectEngine(name, device, {
    measures,
    onMeasuring: measuringRemark(),
    onComparing: ({ name }, engines) =>
      remark(`comparing ${engines.join(' and ')}, a few steps of ${name} each; remembered for the next time`),
    onChosen: (program, choice) =>
      detail(`engine ${choice.engine.name} for ${program.name}: ${choice.reason}, ${computing}`),
  })
  if (!isAutoEngine(selected.engine)) detail(`engine ${selected.engine.name}: ${selected.reason}, ${computing}`)
  return selected
}

/** Says once that kernels are measured, however many programs are prepared. */
function measuringRemark(): (seconds: number) => void {
  let said = false
  return (seconds) => {
    if (!said) remark(`measuring the fastest kernels, ${seconds} s at most; remembered for the next time`)
    said = true
  }
}
