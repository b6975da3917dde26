/** The worker thread of `workerLoader`: prepares one batch after another. */
import { parentPort, workerData } from 'node:worker_threads'
import { moving, serveRequests } from '../../worker-requests.js'
import { fillBatch } from '../batch.js'
import { batchIn, type LoaderRequests, type WorkerSetup } from './loader-messages.js'
import { openPictures } from './open-pictures.js'

if (!parentPort) throw new Error('this file is the worker of workerLoader: it is not run by itself')

const { dataset, preprocessing, seed } = workerData as WorkerSetup
const { read } = openPictures(dataset)
const source = { read, labels: dataset.labels, preprocessing, seed }

serveRequests<LoaderRequests>(
  parentPort,
  {
    async fill(memory, plan) {
      await fillBatch(batchIn(memory, preprocessing), source, plan)
      return moving(memory, [memory.images, memory.labels])
    },
  },
  // So that the first batch asked for is the first ready.
  { inTurn: true },
)
