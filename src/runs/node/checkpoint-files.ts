import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { sharedBytes } from '../../data/shared-bytes.js'
import { AlexNetError, messageOf } from '../../errors.js'
import { type Checkpoint, type CheckpointAbout, decodeCheckpoint, decodeCheckpointAbout } from '../checkpoint.js'
import { whichCheckpoint } from '../which-checkpoint.js'
import { ZOO, zooNames } from '../zoo-names.js'
import { runFiles } from './run-files.js'

/** A header longer than this is none of a checkpoint of ours. */
const MOST_HEADER_BYTES = 16_000_000

/** What a system reads in one call has a limit, below 2 GiB. */
const MOST_BYTES_AT_ONCE = 2 ** 30

/**
 * Reads a checkpoint file, or the one of a run's folder that `whichCheckpoint` names.
 * @throws AlexNetError `missing-data`, or the errors of `decodeCheckpoint`.
 */
export async function readCheckpoint(fileOrRun: string): Promise<Checkpoint> {
  const [best, last] = [join(fileOrRun, runFiles.best), join(fileOrRun, runFiles.last)]
  if (!existsSync(last)) return readCheckpointFile(fileOrRun, fileOrRun)
  const about = await readCheckpointAbout(last)
  const which = about && whichCheckpoint(about, existsSync(best))
  return readCheckpointFile(which === 'best' ? best : last, fileOrRun)
}

/**
 * Reads one checkpoint file.
 * @param origin What the user has named, for messages.
 * @throws As `readCheckpoint` does.
 */
export async function readCheckpointFile(file: string, origin: string): Promise<Checkpoint> {
  return decodeCheckpoint(await readShared(file).catch((error) => Promise.reject(unreadable(error, origin))), file)
}

/** A file in memory that all threads see, so that a network's parameters reach the one that computes without a copy. */
async function readShared(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const bytes = sharedBytes((await handle.stat()).size)
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, MOST_BYTES_AT_ONCE), at)
      if (bytesRead === 0) return bytes.subarray(0, at)
      at += bytesRead
    }
    return bytes
  } finally {
    await handle.close()
  }
}

/** What a checkpoint says of itself, without reading its tensors; undefined for a file that is none or is damaged. */
export async function readCheckpointAbout(file: string): Promise<CheckpointAbout | undefined> {
  const handle = await open(file)
  try {
    const start = Buffer.alloc(8)
    await handle.read(start, 0, 8, 0)
    const length = start.readBigUInt64LE()
    if (length > MOST_HEADER_BYTES) return undefined
    const beginning = Buffer.alloc(8 + Number(length))
    await handle.read(beginning, 0, beginning.length, 0)
    return decodeCheckpointAbout(beginning, file)
  } catch (error) {
    if (error instanceof AlexNetError) return undefined
    throw error
  } finally {
    await handle.close()
  }
}

function unreadable(error: unknown, fileOrRun: string): AlexNetError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const isThere = existsSync(fileOrRun)
  const missing = isThere ? `${fileOrRun} holds no checkpoint` : `there is no run at ${fileOrRun}`
  const known = code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR'
  return new AlexNetError(
    'missing-data',
    known ? missing : `cannot read ${fileOrRun}: ${messageOf(error)}`,
    zooNames.some((name) => name === fileOrRun)
      ? `The network that comes with the package is ${ZOO}${fileOrRun}.`
      : `Give the folder of a run, such as runs/shapes-alexnet-cifar-1, a .safetensors file, \`last\` for the newest run, or ${ZOO}NAME (\`alexnet zoo\` lists them).`,
    { cause: error },
  )
}
