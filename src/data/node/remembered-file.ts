import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type CpuInfo, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { threadId } from 'node:worker_threads'
import * as z from 'zod'
import { dataDirectory } from './data-directory.js'

/** What was learnt at earlier starts, each under a key. */
export interface Memory<Value> {
  recall(key: string): Value | undefined
  /** Learns several at once. */
  keep(learnt: Readonly<Record<string, Value>>): void
}

export interface RememberedFile<Value> {
  /** What the file calls itself, with its version. Another one's counts as empty. */
  readonly format: string
  readonly value: z.ZodType<Value>
  /** Names all that the values depend on besides their keys: versions, threads. The processor is added. */
  readonly of: string
}

/** More than a user's programs come to; a machine's part that has grown beyond begins anew. */
const MOST_VALUES = 5000

/** The path of a file beside the data sets. */
export function rememberedPath(name: string): string {
  return join(dataDirectory(), name)
}

/**
 * What was learnt about this machine, in a file that machines with a common home share. It is a help and no more: one that
 * is broken, old or of another program counts as empty, and what cannot be written is learnt again next time.
 *
 * @param machine Default: this processor.
 */
export function rememberedFile<Value>(
  file: string,
  { format, value, of }: RememberedFile<Value>,
  machine = processorName(cpus()),
): Memory<Value> {
  const schema = z.object({
    format: z.literal(format),
    machines: z.record(z.string(), z.record(z.string(), value)),
  })
  const read = (): Readonly<Record<string, Readonly<Record<string, Value>>>> => {
    try {
      return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).machines
    } catch {
      return {}
    }
  }
  const here = `${machine}, ${of}`
  const known: Record<string, Value> = { ...read()[here] }
  return {
    recall: (key) => (Object.hasOwn(known, key) ? known[key] : undefined),
    keep(learnt) {
      Object.assign(known, learnt)
      // Others may have written meanwhile.
      const machines = read()
      const values = { ...machines[here], ...learnt }
      const kept = Object.keys(values).length > MOST_VALUES ? learnt : values
      write(file, JSON.stringify({ format, machines: { ...machines, [here]: kept } }, undefined, 1))
    },
  }
}

/** A processor's model; where the system does not tell it, as many of ARM's, what is known of it. */
export function processorName(processors: readonly Pick<CpuInfo, 'model'>[]): string {
  const model = processors[0]?.model.trim() ?? ''
  return model === '' || model === 'unknown' ? `${process.arch}, ${processors.length} processors` : model
}

function write(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.${threadId}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch {
    return
  }
  try {
    writeFileSync(temporary, `${text}\n`)
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, { force: true })
  }
}
