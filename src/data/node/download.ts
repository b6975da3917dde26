import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AlexNetError, messageOf } from '../../errors.js'
import { claim } from './claim.js'
import { fileSha256 } from './file-sha256.js'
import { flushToDisk } from './flush-to-disk.js'
import { type Answer, httpGet } from './http-get.js'
import { proxyHint } from './proxy.js'

export interface DownloadOptions {
  readonly url: string
  /** Where the file goes; its folder is made. */
  readonly file: string
  /** The size in bytes, where it is known: for the progress, if the server does not say. */
  readonly bytes?: number
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string
  /** Called as bytes arrive; `total` is undefined while nobody knows it. */
  readonly onProgress?: (progress: DownloadProgress) => void
  /** Stops the download; what has arrived is kept and resumed next time. */
  readonly signal?: AbortSignal
  /** Milliseconds to wait before each new try after a network failure. A try that brings bytes starts the count anew. */
  readonly pauses?: readonly number[]
  /** Milliseconds of silence after which a connection counts as broken. */
  readonly stallMs?: number
}

export interface DownloadProgress {
  /** Bytes that are there, those of an earlier try included. */
  readonly received: number
  readonly total?: number
}

/**
 * Downloads a file, unless it is there already. The bytes gather in `file.part`; an interrupted download is resumed from
 * it, also by a later process. Only after the checksum is right does the file get its name, so `file` is whole or absent.
 *
 * @throws AlexNetError `download-failed` when the server cannot be reached, refuses, or sends a file with another
 * checksum (which is deleted); `corrupt-data` when a file is there already with another checksum; `not-writable` when it
 * cannot be stored. The signal's reason when it is aborted.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { url, file, sha256, signal } = options
  signal?.throwIfAborted()
  if (await isThere(file, sha256)) return
  await storing(file, () => mkdir(dirname(file), { recursive: true }))
  // Two processes must not write into one .part: the second takes one of its own, which is not resumed.
  const release = await storing(file, () => claim(`${file}.lock`))
  const part = release ? `${file}.part` : `${file}.${randomUUID()}.part`
  try {
    await receiveStubbornly(part, options)
    const found = await fileSha256(part)
    if (found !== sha256) {
      await discard(part)
      throw new AlexNetError(
        'download-failed',
        `${url}: expected sha256 ${sha256}, got ${found}`,
        'What came was deleted. Try again; if it stays so, the file on the server is another one.',
      )
    }
    await storing(file, () => rename(part, file))
    await discard(part)
  } finally {
    if (!release) await discard(part)
    await release?.()
  }
}

/** Whether the whole file is there. */
async function isThere(file: string, sha256: string): Promise<boolean> {
  if (!(await sizeOf(file))) return false
  const found = await fileSha256(file)
  if (found === sha256) return true
  throw new AlexNetError(
    'corrupt-data',
    `${file}: expected sha256 ${sha256}, got ${found}`,
    'Delete or rename it, then try again.',
  )
}

/** Tries until all has come, or as many tries as there are pauses have brought nothing. */
async function receiveStubbornly(part: string, options: DownloadOptions): Promise<void> {
  const { url, file, signal, pauses = [500, 2000, 5000] } = options
  let most = await sizeOf(part)
  for (let vain = 0; ; vain++) {
    try {
      return await receive(part, options)
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof AlexNetError) throw error
      const present = await sizeOf(part)
      if (present > most) vain = 0
      most = Math.max(most, present)
      if (vain >= pauses.length)
        throw new AlexNetError('download-failed', `cannot download ${url}: ${reasonOf(error)}`, byHand(url, file), {
          cause: error,
        })
      await sleep(pauses[vain], undefined, { signal })
    }
  }
}

/** One try: appends to the part what is missing. @throws AlexNetError for what another try would not cure. */
async function receive(part: string, options: DownloadOptions): Promise<void> {
  const { url, file, bytes, onProgress, signal, stallMs = 30_000 } = options
  const present = await sizeOf(part)
  const headers: Record<string, string> = { 'accept-encoding': 'identity' }
  if (present > 0) {
    headers.range = `bytes=${present}-`
    // If the file on the server is no longer the one that the part is of, the server sends all of the new one.
    const tag = await readFile(tagOf(part), 'utf8').catch(() => '')
    if (tag) headers['if-range'] = tag
  }
  const answer = await httpGet(url, headers, { stallMs, signal })
  const status = answer.statusCode ?? 0
  if (status === 416) {
    // Nothing lies beyond the part: it is complete, which the checksum decides, or of another file.
    answer.resume()
    if (rangeOf(answer)?.total === present) return
    await discard(part)
    throw new Error('the part on disk did not fit the file on the server')
  }
  if (status !== 200 && status !== 206) {
    answer.resume()
    if (status === 408 || status === 429 || status >= 500) throw new Error(`the server answered ${status}`)
    throw new AlexNetError('download-failed', `${url}: the server answered ${status}, expected 200`, byHand(url, file))
  }
  // A server that knows no ranges answers 200 and begins anew.
  const start = status === 206 ? present : 0
  if (status === 206 && rangeOf(answer)?.start !== present) {
    answer.destroy()
    await discard(part)
    throw new Error('the server sent another range than was asked for')
  }
  const length = Number(answer.headers['content-length'] ?? Number.NaN)
  const total = Number.isNaN(length) ? bytes : start + length
  const { etag } = answer.headers
  // Weak tags (W/"…") do not promise the same bytes, and are not allowed in If-Range.
  await storing(part, () =>
    etag && !etag.startsWith('W/') ? writeFile(tagOf(part), etag) : rm(tagOf(part), { force: true }),
  )
  const handle = await storing(part, () => open(part, start > 0 ? 'a' : 'w'))
  try {
    let received = start
    onProgress?.({ received, total })
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      await storing(part, () => handle.writeFile(chunk))
      received += chunk.length
      onProgress?.({ received, total })
    }
    if (total !== undefined && !Number.isNaN(length) && received !== total)
      throw new Error(`the connection ended after ${received} of ${total} bytes`)
    await storing(part, () => flushToDisk(handle))
  } finally {
    await handle.close()
  }
}

/** Takes `Content-Range: bytes 100-199/200` or `bytes * /200` apart. */
function rangeOf(answer: Answer): { start?: number; total?: number } | undefined {
  const match = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(answer.headers['content-range'] ?? '')
  if (!match) return undefined
  return { start: match[1] ? Number(match[1]) : undefined, total: match[2] === '*' ? undefined : Number(match[2]) }
}

/** Where the entity tag of the file that a part is of is kept. */
function tagOf(part: string): string {
  return `${part}.etag`
}

async function discard(part: string): Promise<void> {
  await rm(part, { force: true })
  await rm(tagOf(part), { force: true })
}

/** A file's size; 0 when it is not there. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (entry) => entry.size,
    () => 0,
  )
}

/** Runs what writes to disk; a failure there is not the network's. */
async function storing<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw new AlexNetError(
      'not-writable',
      `cannot write ${file}: ${messageOf(error)}`,
      'Set ALEXNET_DATA_DIR to a folder that you may write to.',
      { cause: error },
    )
  }
}

/** Node puts the failures of several addresses of one host into an error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join(', ')
  return messageOf(error)
}

function byHand(url: string, file: string): string {
  const proxy = proxyHint(url)
  return `${proxy === undefined ? '' : `${proxy} `}Check the network and try again, or place the file by hand as ${file}.`
}
