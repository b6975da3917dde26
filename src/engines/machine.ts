import * as z from 'zod'

/** A machine as a process of Node sees it: told at the start of a run, by `bench` and by `doctor`. */
export const machineSchema = z.object({
  processor: z.string(),
  /** That the process may use. */
  threads: z.number(),
  memoryGiB: z.number(),
  /** `linux x64` */
  system: z.string(),
  /** The version of Node, or of the one that it is run as. */
  node: z.string(),
  /** What runs it, where that is not Node: `Bun 1.4.5`. */
  runtime: z.string().optional(),
})

export type Machine = Readonly<z.infer<typeof machineSchema>>
