import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { fileSha256 } from '../file-sha256.js'
import type { PictureEntry } from './picture-list.js'
import type { ScanReport } from './scan-report.js'

/** The same picture in the training part and in one that measures what was learnt. */
export type Duplicate = ScanReport['duplicates'][number]

/** Enough of a file to tell nearly all pictures apart. */
const HEAD_BYTES = 4096

/**
 * Finds files of the same content in two parts: pictures that the net has learnt by heart make its test look better
 * than it is. Only files of the same length are compared, by their beginnings and then as a whole.
 */
export async function findDuplicates(
  train: readonly PictureEntry[],
  evaluated: readonly PictureEntry[],
): Promise<readonly Duplicate[]> {
  let groups: Side[] = [{ train, evaluated }]
  for (const key of [lengthOf, headOf, fileSha256])
    groups = (await Promise.all(groups.map((group) => divide(group, key)))).flat()
  return groups.flatMap((group) => group.evaluated.map(({ name }) => ({ train: group.train[0].name, evaluated: name })))
}

interface Side {
  readonly train: readonly PictureEntry[]
  readonly evaluated: readonly PictureEntry[]
}

/** The groups of equal keys that have files on both sides. */
async function divide(group: Side, key: (file: string) => Promise<string>): Promise<Side[]> {
  const sorted = async (entries: readonly PictureEntry[]) => {
    const byKey = new Map<string, PictureEntry[]>()
    for (const entry of entries) {
      // A file that cannot be read is listed elsewhere.
      const value = await key(entry.file).catch(() => undefined)
      if (value !== undefined) byKey.set(value, [...(byKey.get(value) ?? []), entry])
    }
    return byKey
  }
  const [train, evaluated] = [await sorted(group.train), await sorted(group.evaluated)]
  return [...train].flatMap(([value, entries]) => {
    const others = evaluated.get(value)
    return others ? [{ train: entries, evaluated: others }] : []
  })
}

async function lengthOf(file: string): Promise<string> {
  return String((await stat(file)).size)
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('base64')
  } finally {
    await handle.close()
  }
}
