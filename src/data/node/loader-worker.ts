/** The worker thread of `workerLoader`: prepares one batch after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { packError } from '../../packed-error.js'
import { fillBatch } from '../batch.js'
import { batchIn, type LoaderReply, type LoaderTask, type WorkerSetup } from './loader-messages.js'
import { openPictures } from './open-pictures.js'

if (!parentPort) throw new Error('this file is the worker of workerLoader: it is not run by itself')
const port = parentPort
const { dataset, preprocessing, seed } = workerData as WorkerSetup
const { read } = openPictures(dataset)
const source = { read, labels: dataset.labels, preprocessing, seed }

/** Batches are prepared one after the other, so that the first asked for is the first ready. */
let last: Promise<void> = Promise.resolve()

port.on('message', (task: LoaderTask) => {
  last = last.then(() => prepare(task))
})

async function prepare(task: LoaderTask): Promise<void> {
  const { id, images, labels, indices, epoch } = task
  try {
    await fillBatch(batchIn(task, preprocessing), source, indices, epoch)
    port.postMessage({ id, images, labels } satisfies LoaderReply, [images, labels])
  } catch (error) {
    port.postMessage({ id, error: packError(error) } satisfies LoaderReply)
  }
}
