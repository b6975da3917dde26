import * as z from 'zod'
import { rememberedFile, rememberedPath } from '../../../data/node/remembered-file.js'
import type { KernelChoices } from '../../engine.js'
import type { OneDnn } from '../native/onednn.js'
import { Tuner } from './tuner.js'
import type { TuningMode } from './tuning-mode.js'

/** Seconds that the measurements of one program may take. */
const MOST_SECONDS = 8

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
  return new Tuner({
    recorded,
    memory: rememberedFile(kernelsFile(), {
      format: 'alexnet-kernels-1',
      value: z.string(),
      of: `oneDNN ${version} ${instructionSet}, ${threads} threads`,
    }),
    budget: 1000 * MOST_SECONDS,
    onMeasuring: () => onMeasuring?.(MOST_SECONDS),
  })
}

/** Where the choices are kept. */
export function kernelsFile(): string {
  return rememberedPath('onednn-kernels.json')
}
