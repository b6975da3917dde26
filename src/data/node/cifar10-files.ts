import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AlexNetError, messageOf } from '../../errors.js'
import { cifar10Dataset, emptyCifar10, RECORD, recordsIn, unpackRecords } from '../cifar10.js'
import type { Dataset } from '../dataset.js'

/** The folder in the official archive. */
export const cifar10Folder = 'cifar-10-batches-bin'

const trainFiles = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`)
const testFiles = ['test_batch.bin']

/** The six files of the binary version. */
export const cifar10FileNames: readonly string[] = [...trainFiles, ...testFiles]

const HINT = '`alexnet train cifar10` downloads it; with --data DIR, give the folder that holds it.'

/**
 * Reads CIFAR-10: 50,000 training and 10,000 test pictures, 3×32×32, straight into shared memory.
 *
 * @param dir The folder with the six files of the binary version, or the one above it.
 * @param records What each file must hold; 10,000 in the official ones.
 * @throws AlexNetError `missing-data` when the folder or a file is not there; `corrupt-data` when a file is not what it
 * should be.
 * @example const { train, test } = await readCifar10('data/cifar-10-batches-bin')
 */
export async function readCifar10(dir: string, records = 10_000): Promise<{ train: Dataset; test: Dataset }> {
  const folder = await findCifar10(dir)
  const [train, test] = await Promise.all([
    readPart(folder, trainFiles, records, 'cifar10 train'),
    readPart(folder, testFiles, records, 'cifar10 test'),
  ])
  return { train, test }
}

/** The folder with the files: `dir` itself, or the one of the official name in it. */
async function findCifar10(dir: string): Promise<string> {
  const below = join(dir, cifar10Folder)
  if (await isDirectory(below)) return below
  if (await isDirectory(dir)) return dir
  throw new AlexNetError('missing-data', `CIFAR-10 is not there: expected the folder ${below}`, HINT)
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
}

async function readPart(folder: string, names: readonly string[], records: number, name: string): Promise<Dataset> {
  const part = emptyCifar10(names.length * records)
  // One file at a time passes through this buffer: its labels stand between the pictures.
  const bytes = new Uint8Array(records * RECORD)
  for (const [n, file] of names.entries()) {
    await readWhole(join(folder, file), bytes, records)
    unpackRecords({ name: join(folder, file), bytes }, part, n * records)
  }
  return cifar10Dataset(part, name)
}

/** Fills `target` from a file, which must be exactly as long. */
async function readWhole(path: string, target: Uint8Array, records: number): Promise<void> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw new AlexNetError('missing-data', `cannot read ${path}: ${messageOf(error)}`, HINT, { cause: error })
  })
  try {
    const { size } = await handle.stat()
    const count = recordsIn(path, size)
    if (count !== records)
      throw new AlexNetError(
        'corrupt-data',
        `${path}: expected ${records} records, got ${count}`,
        'Download CIFAR-10 again, in its binary version.',
      )
    let filled = 0
    while (filled < target.length) {
      const { bytesRead } = await handle.read(target, filled, target.length - filled, filled)
      if (bytesRead === 0) throw new AlexNetError('corrupt-data', `${path} became shorter while it was read`)
      filled += bytesRead
    }
  } finally {
    await handle.close()
  }
}
