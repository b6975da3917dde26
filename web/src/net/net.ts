import { signal } from '@preact/signals'
import { openClassifier, type WebClassifier } from 'alexnet/web'
import { startWorker } from '../worker/start-worker.ts'

/** The network that Try and Look inside use. */
export interface OpenNet {
  /** What it is called here: a file's name, a run's. */
  readonly name: string
  readonly classifier: WebClassifier
}

export const net = signal<OpenNet | null>(null)
export const opening = signal(false)

let worker: Worker | undefined

/**
 * Opens a checkpoint in a worker of its own; the one before is closed.
 * @throws AlexNetError `corrupt-data`, `incompatible-state`, `engine-unavailable`
 */
export async function openNet(checkpoint: Uint8Array<ArrayBuffer>, name: string): Promise<void> {
  opening.value = true
  const next = startWorker('classifier')
  try {
    const classifier = await openClassifier(next, checkpoint, { name })
    // The first answer takes longer, since it prepares the others: better now than when a picture is dropped.
    await classifier.predict(new ImageData(1, 1), 1)
    worker?.terminate()
    worker = next
    net.value = { name, classifier }
  } catch (error) {
    next.terminate()
    throw error
  } finally {
    opening.value = false
  }
}
