import type { Machine } from '../engines/machine.js'
import { runtimeLine } from '../engines/runtime-line.js'
import { counted } from './format.js'

/** `AMD EPYC, 2 threads, 24 GiB; linux x64; Node 20.19.0` */
export function machineLine({ processor, threads, memoryGiB, system, ...runtime }: Machine): string {
  return `${processor}, ${counted(threads, 'thread')}, ${memoryGiB} GiB; ${system}; ${runtimeLine(runtime)}`
}
