import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import type { Memory } from './tuner.js'

/** Of each machine, by its name: the choices. */
const schema = z.object({
  format: z.literal('alexnet-kernels-1'),
  machines: z.record(z.string(), z.record(z.string(), z.string())),
})

type Machines = z.infer<typeof schema>['machines']

/** More than a user's programs come to; a file that has grown beyond begins anew. */
const MOST_CHOICES = 5000

/**
 * What was learnt, in a file that machines with a common home share. It is a help and no more: one that is broken, old or
 * of another program counts as empty, and what cannot be written is learnt again next time.
 *
 * @param machine Names all that the measurements depend on.
 */
export function choiceFile(file: string, machine: string): Memory {
  const known = read(file)[machine] ?? {}
  return {
    recall: (key) => (Object.hasOwn(known, key) ? known[key] : undefined),
    keep(learnt) {
      Object.assign(known, learnt)
      // Others may have written meanwhile.
      const machines = read(file)
      const choices = { ...machines[machine], ...learnt }
      write(file, { ...machines, [machine]: Object.keys(choices).length > MOST_CHOICES ? learnt : choices })
    },
  }
}

function read(file: string): Machines {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).machines
  } catch {
    return {}
  }
}

function write(file: string, machines: Machines): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch {
    return
  }
  try {
    writeFileSync(temporary, `${JSON.stringify({ format: 'alexnet-kernels-1', machines }, undefined, 1)}\n`)
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, { force: true })
  }
}
