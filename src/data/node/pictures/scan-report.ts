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
  /** Pictures of one single colour; runs of before do not tell. */
  singleColour: z.array(z.string()).readonly().default([]),
  /** The same picture in train and in another part. */
  duplicates: z.array(z.object({ train: z.string(), evaluated: z.string() })).readonly(),
  cache: z.enum(cacheKinds),
})

export type ScanReport = Readonly<z.infer<typeof scanReportSchema>>
