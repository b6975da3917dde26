import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { AlexNetError, messageOf } from '../../../errors.js'
import type { FileStore, MemoryStore } from '../../pictures.js'
import { sharedBytes } from '../../shared-bytes.js'

/** Where decoded pictures are put, one after the other. */
export interface PictureStore {
  /** Keeps a picture's bytes; returns where it begins. */
  add(data: Uint8Array): Promise<number>
  finish(): Promise<MemoryStore | FileStore>
}

/** One picture at most; small enough that the last chunk wastes little. */
export const CHUNK_BYTES = 64 * 2 ** 20

/** Keeps pictures in shared memory, in chunks that are added as they are needed. */
export class MemoryPictures implements PictureStore {
  private readonly chunks: Uint8Array[] = []
  /** Bytes used of the last chunk. */
  private used = CHUNK_BYTES

  async add(data: Uint8Array): Promise<number> {
    if (this.used + data.length > CHUNK_BYTES) {
      this.chunks.push(sharedBytes(CHUNK_BYTES))
      this.used = 0
    }
    const chunk = this.chunks.length - 1
    this.chunks[chunk].set(data, this.used)
    const start = chunk * CHUNK_BYTES + this.used
    this.used += data.length
    return start
  }

  async finish(): Promise<MemoryStore> {
    return { chunks: this.chunks, chunkBytes: CHUNK_BYTES }
  }
}

/** Writes pictures into a file. */
export class FilePictures implements PictureStore {
  private readonly stream: WriteStream
  private end = 0
  private failure: Error | undefined
  private draining: Promise<void> | undefined

  constructor(private readonly file: string) {
    this.stream = createWriteStream(file)
    this.stream.on('error', (error) => {
      this.failure = error
    })
  }

  async add(data: Uint8Array): Promise<number> {
    this.check()
    const start = this.end
    this.end += data.length
    if (!this.stream.write(data)) await this.drained()
    return start
  }

  /** All who write wait for the same event; after an error it never comes, but the stream closes. */
  private drained(): Promise<void> {
    this.draining ??= new Promise((resolve) => {
      const done = () => {
        this.stream.off('drain', done).off('close', done)
        this.draining = undefined
        resolve()
      }
      this.stream.once('drain', done).once('close', done)
    })
    return this.draining
  }

  async finish(): Promise<FileStore> {
    this.stream.end()
    if (!this.stream.closed) await once(this.stream, 'close').catch(() => {})
    this.check()
    return { file: this.file }
  }

  private check(): void {
    if (!this.failure) return
    throw new AlexNetError(
      'not-writable',
      `cannot write the decoded pictures to ${this.file}: ${messageOf(this.failure)}`,
      'Free some space, or decode at every use: --cache none.',
      { cause: this.failure },
    )
  }
}
