import { availableParallelism, cpus, totalmem } from 'node:os'

/** The machine as this process sees it. */
export interface Machine {
  readonly processor: string
  /** That this process may use. */
  readonly threads: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    threads: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  }
}
