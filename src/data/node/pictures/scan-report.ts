import * as z from 'zod'
import { cacheKinds } from './cache-kind.js'
import { partNames } from './picture-list.js'

/** What was found while a folder of pictures was read. Plain data: it is kept with a run. */
export const scanReportSchema = z.object({
  /** The folder or the list. */
  path: z.string(),
  classes: z.array(z.string()).readonly(),
  /** Pictures of each class, in each part that there is. */
  counts: z.partialRecord(z.enum(partNames), z.array(z.number()).readonly()),
  /** Files that could not be read or have no class. */
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })).readonly(),
  /** Files that are no pictures by their names. */
  ignored: z.number(),
  /** Of each ending, how many those are. What follows, runs of before do not tell. */
  endings: z.record(z.string(), z.number()).readonly().default({}),
  /** Hidden files and folders, and those that programs leave. */
  hidden: z.number().default(0),
  /** Classes that are left out: there is no picture to learn from, or none that can be read. */
  emptyClasses: z
    .array(z.object({ name: z.string(), reason: z.string() }))
    .readonly()
    .default([]),
  /** How the folders were understood, where that is not plain. */
  notes: z.array(z.string()).readonly().default([]),
  /** Pictures of one single colour. */
  singleColour: z.array(z.string()).readonly().default([]),
  /** The same picture in train and in another part. */
  duplicates: z.array(z.object({ train: z.string(), evaluated: z.string() })).readonly(),
  cache: z.enum(cacheKinds),
  /** How the folder was read. */
  followLinks: z.boolean().default(false),
  validationLabels: z.string().optional(),
})

export type ScanReport = Readonly<z.infer<typeof scanReportSchema>>
