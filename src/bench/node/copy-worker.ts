/** A worker thread of `measurePeaks`: copies memory for a while and tells how many bytes a second it moved. */
import { parentPort, workerData } from 'node:worker_threads'

if (!parentPort) throw new Error('this file is a worker of measurePeaks: it is not run by itself')
const port = parentPort
const { seconds } = workerData as { seconds: number }

const source = new Uint8Array(128 * 2 ** 20).fill(1)
const target = new Uint8Array(source.length).fill(2)
port.postMessage(0)

port.once('message', () => {
  const start = performance.now()
  let bytes = 0
  do {
    target.set(source)
    bytes += 2 * source.length
  } while (performance.now() - start < 1000 * seconds)
  port.postMessage((1000 * bytes) / (performance.now() - start))
})
