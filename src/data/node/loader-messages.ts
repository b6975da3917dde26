import { AlexNetError, type ErrorCode } from '../../errors.js'
import type { Batch } from '../batch.js'
import type { Dataset } from '../dataset.js'
import { inputShape, type Preprocessing } from '../preprocessing.js'

/** What a loader's worker is started with. Copied to it once, but for the pictures, which lie in shared memory. */
export interface WorkerSetup {
  readonly dataset: Dataset
  readonly preprocessing: Preprocessing
  readonly seed: number
}

/** Memory on its way between the threads: moved, never copied. */
export interface BatchMemory {
  readonly images: ArrayBuffer
  readonly labels: ArrayBuffer
}

/** The batch that lies in the memory. */
export function batchIn({ images, labels }: BatchMemory, preprocessing: Preprocessing): Batch {
  const count = labels.byteLength / Int32Array.BYTES_PER_ELEMENT
  return {
    images: { dtype: 'float32', shape: [count, ...inputShape(preprocessing)], data: new Float32Array(images) },
    labels: { dtype: 'int32', shape: [count], data: new Int32Array(labels) },
  }
}

/** Asks a worker to fill the memory with a batch. */
export interface LoaderTask extends BatchMemory {
  readonly id: number
  readonly epoch: number
  /** The batch's pictures. */
  readonly indices: Uint32Array
}

export type LoaderReply = ({ readonly id: number } & BatchMemory) | { readonly id: number; readonly error: PackedError }

/** An error as it crosses threads, which would otherwise strip it of its class and code. */
export interface PackedError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: ErrorCode
  readonly hint?: string
}

export function packError(error: unknown): PackedError {
  if (error instanceof AlexNetError) {
    const { name, message, stack, code, hint } = error
    return { name, message, stack, code, hint }
  }
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack }
  return { name: 'Error', message: String(error) }
}

/** The same error again, with the stack of the thread where it happened. */
export function unpackError({ name, message, stack, code, hint }: PackedError): Error {
  if (code) return Object.assign(new AlexNetError(code, message, hint), { stack })
  return Object.assign(new Error(message), { name, stack })
}
