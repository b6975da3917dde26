import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { RECORD } from '../cifar10.js'
import { type Cifar10Archive, ensureCifar10 } from './cifar10-download.js'
import { cifar10FileNames, cifar10Folder, readCifar10 } from './cifar10-files.js'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** What the server sends. */
let served: Buffer
let good: Buffer
let archive: Cifar10Archive
let requests = 0
let server: Server
let dir: string
let url: string

/** Packs a small archive of the official layout; `change` may spoil its folder first. */
async function pack(change?: (folder: string) => Promise<void>): Promise<Buffer> {
  const source = await mkdtemp(join(tmpdir(), 'alexnet-archive-'))
  const folder = join(source, cifar10Folder)
  await mkdir(folder)
  for (const [n, name] of cifar10FileNames.entries())
    await writeFile(join(folder, name), new Uint8Array(RECORD).fill(n))
  await writeFile(join(folder, 'readme.html'), 'as in the official archive')
  await change?.(folder)
  await create({ gzip: true, cwd: source, file: join(source, 'archive.tar.gz') }, [cifar10Folder])
  const bytes = await readFile(join(source, 'archive.tar.gz'))
  await rm(source, { recursive: true })
  return bytes
}

function describeArchive(bytes: Buffer): Cifar10Archive {
  const files = cifar10FileNames.map((name, n) => [name, sha256(new Uint8Array(RECORD).fill(n))])
  return { bytes: bytes.length, sha256: sha256(bytes), fileBytes: RECORD, files: Object.fromEntries(files) }
}

beforeAll(async () => {
  good = await pack()
  archive = describeArchive(good)
  server = createServer((_, response) => {
    requests++
    response.writeHead(200, { 'content-length': served.length }).end(served)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cifar-10-binary.tar.gz`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-'))
  served = good
  requests = 0
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true })
})

const ensure = (more: Parameters<typeof ensureCifar10>[0] = {}) =>
  ensureCifar10({ dir, url, archive, pauses: [], ...more })

describe('ensureCifar10', () => {
  it('downloads, unpacks the six files and nothing else, and clears up', async () => {
    const folder = await ensure()
    expect(folder).toBe(join(dir, cifar10Folder))
    expect(await readdir(dir)).toEqual([cifar10Folder])
    expect((await readdir(folder)).sort()).toEqual([...cifar10FileNames].sort())
    expect((await readCifar10(folder, 1)).test.labels[0]).toBe(5)
  })

  it('downloads nothing that is there, in the folder or above it', async () => {
    const folder = await ensure()
    expect(await ensure()).toBe(folder)
    expect(await ensure({ dir: folder })).toBe(folder)
    expect(requests).toBe(1)
  })

  it('takes an archive placed by hand, and leaves it there', async () => {
    await writeFile(join(dir, 'cifar-10-binary.tar.gz'), good)
    await ensure({ url: 'http://127.0.0.1:1/' })
    expect((await readdir(dir)).sort()).toEqual([cifar10Folder, 'cifar-10-binary.tar.gz'].sort())
  })

  it('takes folder and mirror from the environment', async () => {
    vi.stubEnv('ALEXNET_DATA_DIR', join(dir, 'data'))
    vi.stubEnv('ALEXNET_CIFAR10_URL', url)
    expect(await ensureCifar10({ archive })).toBe(join(dir, 'data', cifar10Folder))
  })

  it('refuses a mirror that does not serve the official archive', async () => {
    await expect(ensureCifar10({ dir, url, pauses: [] })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd'),
    })
    expect(await readdir(dir)).toEqual([])
  })

  it('never lets a broken archive look like a data set', async () => {
    served = good.subarray(0, good.length - 100)
    await expect(ensure()).rejects.toMatchObject({ code: 'download-failed' })
    expect(await readdir(dir)).toEqual([])
    // Even if its checksum is what was asked for.
    await expect(ensure({ archive: { ...archive, sha256: sha256(served) } })).rejects.toMatchObject({
      code: 'corrupt-data',
    })
    expect(await readdir(dir)).toEqual(['cifar-10-binary.tar.gz'])
  })

  it.each<[string, (folder: string) => Promise<void>, RegExp]>([
    ['lacks a file', (folder) => rm(join(folder, 'data_batch_4.bin')), /data_batch_4.bin.*no such file/],
    [
      'has another file',
      (folder) => writeFile(join(folder, 'data_batch_2.bin'), new Uint8Array(RECORD)),
      /data_batch_2.bin in .*expected sha256 [0-9a-f]{64}, got/,
    ],
    [
      'has a link in place of a file',
      async (folder) => {
        await rm(join(folder, 'test_batch.bin'))
        await symlink('data_batch_1.bin', join(folder, 'test_batch.bin'))
      },
      /test_batch.bin.*no such file/,
    ],
  ])('refuses an archive that %s', async (_, change, message) => {
    served = await pack(change)
    const spoilt = { ...archive, sha256: sha256(served) }
    await expect(ensure({ archive: spoilt })).rejects.toMatchObject({
      code: 'corrupt-data',
      message: expect.stringMatching(message),
    })
    expect(await readdir(dir)).not.toContain(cifar10Folder)
  })

  it('leaves a folder alone that is something else', async () => {
    await mkdir(join(dir, cifar10Folder))
    await writeFile(join(dir, cifar10Folder, 'notes.txt'), 'mine')
    await expect(ensure()).rejects.toMatchObject({ code: 'corrupt-data', hint: expect.stringContaining('rename') })
    expect(requests).toBe(0)
    expect(await readdir(join(dir, cifar10Folder))).toEqual(['notes.txt'])
  })

  it('several at once all succeed', async () => {
    const folders = await Promise.all([ensure(), ensure(), ensure()])
    expect(new Set(folders)).toEqual(new Set([join(dir, cifar10Folder)]))
    expect(await readdir(dir)).toEqual([cifar10Folder])
    await readCifar10(dir, 1)
  })
})
