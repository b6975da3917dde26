import { type SelectedEngine, selectEngine } from '../engines/node/select-engine.js'
import { counted } from './format.js'
import type { ComputeOptions } from './options.js'
import { detail, remark } from './output.js'

/**
 * The engine that the compute options ask for.
 * @throws As `selectEngine` does.
 */
export async function chooseEngine(options: ComputeOptions): Promise<SelectedEngine> {
  const { engine: name, device, threads, precision } = options
  const selected = await selectEngine(name, device, { onMeasuring: measuringRemark() })
  detail(`engine ${selected.engine.name}: ${selected.reason}, ${counted(threads, 'thread')}, ${precision}`)
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
