import { fsync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'

const fsyncAsync = promisify(fsync)

/**
 * Waits until all that was written is on the disk. By the file's number, since Yarn's Plug'n'Play puts handles of its own in
 * the place of Node's, whose `sync` throws.
 */
export function flushToDisk({ fd }: Pick<FileHandle, 'fd'>): Promise<void> {
  return fsyncAsync(fd)
}
