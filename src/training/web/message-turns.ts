import type { Batch } from '../../data/batch.js'
import type { BatchLoader } from '../../data/batch-loader.js'

/**
 * The same loader, which lets waiting messages be handled before each batch. Where the engine computes in the worker's
 * own thread, nothing else would: promises alone never let a message through.
 */
export function withMessageTurns(loader: BatchLoader): BatchLoader {
  return {
    ...loader,
    train: (epoch, from) => inTurns(loader.train(epoch, from)),
    inOrder: () => inTurns(loader.inOrder()),
  }
}

async function* inTurns(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    await messageTurn()
    yield batch
  }
}

/** Waits until the messages that have come so far are handled. (A timer would wait 4 ms each time.) */
function messageTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
