import { cpus } from 'node:os'
import { join } from 'node:path'
import { dataDirectory } from '../../../data/node/data-directory.js'
import type { KernelChoices } from '../../engine.js'
import type { OneDnn } from '../native/onednn.js'
import { choiceFile } from './choice-file.js'
import { Tuner } from './tuner.js'
import type { TuningMode } from './tuning-mode.js'

/** Seconds that the measurements of one program may take. */
const MOST_SECONDS = 6

export interface MachineTunerOptions {
  readonly mode: TuningMode
  readonly threads: number
  readonly recorded?: KernelChoices
  /** Called before the first measurement, with the seconds that all of them may take. */
  readonly onMeasuring?: (seconds: number) => void
}

/** A tuner that remembers, beside the data sets, what was measured with this library on this machine. */
export function machineTuner(
  { version, instructionSet }: OneDnn,
  { mode, threads, recorded, onMeasuring }: MachineTunerOptions,
): Tuner {
  if (mode === 'off') return new Tuner({ recorded, budget: 0 })
  const processor = cpus()[0]?.model ?? process.arch
  return new Tuner({
    recorded,
    memory: choiceFile(kernelsFile(), `oneDNN ${version} ${instructionSet}, ${processor}, ${threads} threads`),
    budget: 1000 * MOST_SECONDS,
    onMeasuring: () => onMeasuring?.(MOST_SECONDS),
  })
}

/** Where the choices are kept. */
export function kernelsFile(): string {
  return join(dataDirectory(), 'onednn-kernels.json')
}
