import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { extract } from 'tar'
import { AlexNetError, messageOf } from '../../errors.js'
import { cifar10FileNames, cifar10Folder } from './cifar10-files.js'
import { dataDirectory } from './data-directory.js'
import { type DownloadOptions, download } from './download.js'
import { fileSha256 } from './file-sha256.js'

/** An archive of CIFAR-10's binary version, and what must be in it. */
export interface Cifar10Archive {
  readonly bytes: number
  readonly sha256: string
  /** Size of each of the six files. */
  readonly fileBytes: number
  /** sha256 of each of the six files. */
  readonly files: Readonly<Record<string, string>>
}

const officialUrl = 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz'
const archiveName = 'cifar-10-binary.tar.gz'

const official: Cifar10Archive = {
  bytes: 170_052_171,
  sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  fileBytes: 30_730_000,
  files: {
    'data_batch_1.bin': 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
    'data_batch_2.bin': 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
    'data_batch_3.bin': 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
    'data_batch_4.bin': '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
    'data_batch_5.bin': '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
    'test_batch.bin': '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
  },
}

export interface EnsureCifar10Options extends Pick<DownloadOptions, 'onProgress' | 'signal' | 'pauses'> {
  /** The data folder; default `dataDirectory()`. */
  readonly dir?: string
  /** A mirror; default `$ALEXNET_CIFAR10_URL`, else the official address. It must serve the official archive. */
  readonly url?: string
  /** What the archive must be; another one is for tests. */
  readonly archive?: Cifar10Archive
}

/**
 * Makes sure that CIFAR-10 is there: downloads and unpacks it (170 MB, then 184 MB) unless it is. It appears under its
 * name only when every file has its checksum, also when several processes do this at once.
 *
 * @returns The folder with the six files, for `readCifar10`.
 * @throws AlexNetError as `download` does; `corrupt-data` when there is a folder of that name that is not CIFAR-10.
 * @example const { train, test } = await readCifar10(await ensureCifar10())
 */
export async function ensureCifar10(options: EnsureCifar10Options = {}): Promise<string> {
  const { dir = dataDirectory(), archive = official, onProgress, signal, pauses } = options
  const url = options.url ?? (process.env.ALEXNET_CIFAR10_URL || officialUrl)
  const folder = join(dir, cifar10Folder)
  const found = await findCifar10(dir, archive)
  if (found !== undefined) return found
  if (await exists(folder))
    throw new AlexNetError(
      'corrupt-data',
      `${folder} is not CIFAR-10: expected ${cifar10FileNames.join(', ')}, of ${archive.fileBytes} bytes each`,
      'Delete or rename that folder, then try again.',
    )
  const file = join(dir, archiveName)
  const placedByHand = await exists(file)
  try {
    await download({ url, file, bytes: archive.bytes, sha256: archive.sha256, onProgress, signal, pauses })
    signal?.throwIfAborted()
    await unpack(file, dir, folder, archive)
  } catch (error) {
    // Another process was faster, and may have cleared the archive away, or not.
    if (!(await isComplete(folder, archive))) throw error
  }
  // What the user has placed stays.
  if (!placedByHand) await rm(file, { force: true })
  return folder
}

/** Unpacks beside the final place, checks, then renames: the folder appears whole or not at all. */
async function unpack(file: string, dir: string, folder: string, archive: Cifar10Archive): Promise<void> {
  await mkdir(dir, { recursive: true })
  const temporary = await mkdtemp(join(dir, `.${cifar10Folder}-`))
  try {
    const wanted = new Set(cifar10FileNames.map((name) => `${cifar10Folder}/${name}`))
    try {
      await extract({
        file,
        cwd: temporary,
        strict: true,
        // Nothing but the six plain files: no links, no other places.
        filter: (path, entry) => wanted.has(path) && 'type' in entry && entry.type === 'File',
      })
    } catch (error) {
      throw new AlexNetError('corrupt-data', `cannot unpack ${file}: ${messageOf(error)}`, 'Delete it and try again.', {
        cause: error,
      })
    }
    const unpacked = join(temporary, cifar10Folder)
    for (const [name, expected] of Object.entries(archive.files)) {
      const found = await fileSha256(join(unpacked, name)).catch(() => 'no such file')
      if (found !== expected)
        throw new AlexNetError(
          'corrupt-data',
          `${name} in ${file}: expected sha256 ${expected}, got ${found}`,
          'Delete the archive and try again.',
        )
    }
    // Fails where another process was faster.
    await rename(unpacked, folder)
  } finally {
    // After a failure the unpacker may still be closing a file: then the folder is not empty at once.
    await rm(temporary, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** The folder in `dir` (or `dir` itself) that holds CIFAR-10; undefined when none does. Nothing is downloaded. */
export async function findCifar10(dir = dataDirectory(), archive = official): Promise<string | undefined> {
  for (const place of [join(dir, cifar10Folder), dir]) if (await isComplete(place, archive)) return place
  return undefined
}

/** Whether the six files are there, each of its size. Their checksums were right when they came. */
async function isComplete(folder: string, { fileBytes }: Cifar10Archive): Promise<boolean> {
  const sizes = await Promise.all(
    cifar10FileNames.map((name) =>
      stat(join(folder, name)).then(
        (entry) => entry.size,
        () => -1,
      ),
    ),
  )
  return sizes.every((size) => size === fileBytes)
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
