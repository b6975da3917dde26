import { availableParallelism, cpus, totalmem } from 'node:os'
import type { Machine } from '../machine.js'

export function describeMachine(): Machine {
  const { node } = process.versions
  const runtime = runtimeOf(process.versions)
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    threads: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node,
    ...(runtime !== undefined && { runtime }),
  }
}

/** Bun and Deno run what is written for Node, and tell its version as their own; undefined: it is Node itself. */
export function runtimeOf({ bun, deno }: Readonly<Record<string, string | undefined>>): string | undefined {
  if (bun !== undefined) return `Bun ${bun}`
  return deno === undefined ? undefined : `Deno ${deno}`
}
