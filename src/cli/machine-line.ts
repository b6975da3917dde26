import type { Machine } from '../engines/machine.js'
import { counted } from './format.js'

/** `AMD EPYC, 2 threads, 24 GiB; linux x64; Node 20.19.0` */
export function machineLine({ processor, threads, memoryGiB, system, node }: Machine): string {
  return `${processor}, ${counted(threads, 'thread')}, ${memoryGiB} GiB; ${system}; Node ${node}`
}
