import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { flushToDisk } from '../../data/node/flush-to-disk.js'
import { AlexNetError, messageOf } from '../../errors.js'

/**
 * Writes a file beside its place, flushes it to the disk and renames it: whatever happens (a crash, a full disk, `kill
 * -9`), the old file or the new one is there, never half of one.
 * @param options.flush False: without waiting for the disk, for what is worth nothing after a power cut.
 * @throws AlexNetError `not-writable`; the old file is untouched.
 */
export async function writeAtomically(
  file: string,
  parts: readonly (Uint8Array | string)[],
  { flush = true }: { readonly flush?: boolean } = {},
): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    const handle = await open(temporary, 'w')
    try {
      for (const part of parts) await handle.writeFile(part)
      if (flush) await flushToDisk(handle)
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
    if (flush) await syncDirectory(dirname(file))
  } catch (error) {
    await rm(temporary, { force: true })
    throw new AlexNetError('not-writable', `cannot write ${file}: ${messageOf(error)}`, writeHint(error), {
      cause: error,
    })
  }
}

/** What to do about a write that failed. */
export function writeHint(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC') return 'The disk is full: free some space; what was saved before is still there.'
  return 'Choose a folder that you may write to with --out.'
}

/** A rename lasts through a power cut only once the folder itself is on the disk. Not every system can do that. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined)
  if (handle) await flushToDisk(handle).catch(() => undefined)
  await handle?.close()
}
