import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AlexNetError, messageOf } from '../../errors.js'
import { cifar10Dataset, emptyCifar10, PICTURE, RECORD, recordsIn, unpackRecords } from '../cifar10.js'
import { parseCifar10Pickle } from '../cifar10-pickle.js'
import type { Dataset } from '../dataset.js'

/** The folder in the official archive. */
export const cifar10Folder = 'cifar-10-batches-bin'

const trainFiles = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`)
const testFiles = ['test_batch.bin']

/** The six files of the binary version. */
export const cifar10FileNames: readonly string[] = [...trainFiles, ...testFiles]

/** The folder of the Python version, and its files. */
const pythonFolder = 'cifar-10-batches-py'
const pythonTrainFiles = trainFiles.map((name) => name.replace('.bin', ''))
const pythonTestFiles = ['test_batch']

const HINT = '`alexnet train cifar10` downloads it; with --data DIR, give the folder that holds it.'

/**
 * Reads CIFAR-10: 50,000 training and 10,000 test pictures, 3×32×32, straight into shared memory.
 *
 * @param dir The folder with the six files of the binary version, or of the Python version, or the one above it.
 * @param records What each binary file must hold; 10,000 in the official ones. A pickle says itself how many it has.
 * @throws AlexNetError `missing-data` when the folder or a file is not there; `corrupt-data` when a file is not what it
 * should be, or of CIFAR-100.
 * @example const { train, test } = await readCifar10('data/cifar-10-batches-bin')
 */
export async function readCifar10(dir: string, records = 10_000): Promise<{ train: Dataset; test: Dataset }> {
  const folder = await locate(dir)
  const names = await readdir(folder)
  if (names.includes(pythonTrainFiles[0])) {
    const [train, test] = await Promise.all([
      readPickles(folder, pythonTrainFiles, 'cifar10 train'),
      readPickles(folder, pythonTestFiles, 'cifar10 test'),
    ])
    return { train, test }
  }
  expectCifar10(folder, names)
  const [train, test] = await Promise.all([
    readPart(folder, trainFiles, records, 'cifar10 train'),
    readPart(folder, testFiles, records, 'cifar10 test'),
  ])
  return { train, test }
}

/** The folder with the files: `dir` itself, or one of the official names in it. */
async function locate(dir: string): Promise<string> {
  for (const name of [cifar10Folder, pythonFolder]) if (await isDirectory(join(dir, name))) return join(dir, name)
  if (await isDirectory(dir)) return dir
  throw new AlexNetError('missing-data', `CIFAR-10 is not there: expected the folder ${join(dir, cifar10Folder)}`, HINT)
}

/** What people have in place of its files. */
function expectCifar10(folder: string, names: readonly string[]): void {
  const hundred = names.find((name) => /^cifar-100-(python|binary)$/.test(name) || name === 'fine_label_names.txt')
  if (hundred !== undefined || ['train', 'test', 'meta'].every((name) => names.includes(name)))
    throw new AlexNetError(
      'corrupt-data',
      `${folder} holds CIFAR-100, which is not read, expected CIFAR-10`,
      'Write its pictures into a folder for each class, and train on that: alexnet train DIR.',
    )
  const archive = names.find((name) => /^cifar-10-(python|binary)\.tar\.gz$/.test(name))
  if (archive !== undefined && !names.includes(trainFiles[0]))
    throw new AlexNetError(
      'missing-data',
      `${join(folder, archive)} is not unpacked`,
      `Unpack it (tar xzf ${archive}), and give the folder that holds ${cifar10Folder} or ${pythonFolder}.`,
    )
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
}

async function readPickles(folder: string, names: readonly string[], name: string): Promise<Dataset> {
  const files = await Promise.all(
    names.map(async (file) => {
      const path = join(folder, file)
      const bytes = await readFile(path).catch((error: unknown) => {
        throw new AlexNetError('missing-data', `cannot read ${path}: ${messageOf(error)}`, HINT, { cause: error })
      })
      return parseCifar10Pickle({ name: path, bytes })
    }),
  )
  const part = emptyCifar10(files.reduce((sum, { labels }) => sum + labels.length, 0))
  let first = 0
  for (const { images, labels } of files) {
    part.images.set(images, first * PICTURE)
    part.labels.set(labels, first)
    first += labels.length
  }
  return cifar10Dataset(part, name)
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
