/** The worker thread of `workerLoader`: prepares one batch after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { packError } from '../../packed-error.js'
import { fillBatch } from '../batch.js'
import { batchIn, type LoaderReply, type LoaderTask, type WorkerSetup } from './loader-messages.js'

if (!parentPort) throw new Error('this file is the worker of workerLoader: it is not run by itself')
const port = parentPort
const { dataset, preprocessing, seed } = workerData as WorkerSetup

port.on('message', (task: LoaderTask) => {
  const { id, images, labels } = task
  try {
    fillBatch(batchIn(task, preprocessing), dataset, preprocessing, task.indices, task.epoch, seed)
    port.postMessage({ id, images, labels } satisfies LoaderReply, [images, labels])
  } catch (error) {
    port.postMessage({ id, error: packError(error) } satisfies LoaderReply)
  }
})
