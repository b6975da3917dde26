/** A worker thread of `measurePeaks`: copies memory for a while and tells how many bytes a second it moved. */
import { parentPort } from 'node:worker_threads'
import { serveRequests } from '../../worker-requests.js'

export interface CopyRequests {
  /** Answers when the memory is there. */
  prepare(): void
  /** Copies for so many seconds; gives bytes a second, read and written. */
  copy(seconds: number): number
}

if (!parentPort) throw new Error('this file is a worker of measurePeaks: it is not run by itself')

const source = new Uint8Array(128 * 2 ** 20).fill(1)
const target = new Uint8Array(source.length).fill(2)

serveRequests<CopyRequests>(parentPort, {
  prepare() {},
  copy(seconds) {
    const start = performance.now()
    let bytes = 0
    do {
      target.set(source)
      bytes += 2 * source.length
    } while (performance.now() - start < 1000 * seconds)
    return (1000 * bytes) / (performance.now() - start)
  },
})
