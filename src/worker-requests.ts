import { AlexNetError } from './errors.js'
import { type PackedError, packError, unpackError } from './packed-error.js'

/** Requests to a worker, written as its methods: values in, an answer back, all of them plain data. */
export type Requests<R> = { readonly [Kind in keyof R]: (...values: never[]) => unknown }

/** The worker's own side of them: an answer may take its time. */
export type Handlers<R extends Requests<R>> = {
  readonly [Kind in keyof R]: (...values: Parameters<R[Kind]>) => Promise<ReturnType<R[Kind]>> | ReturnType<R[Kind]>
}

interface Task {
  readonly id: number
  readonly kind: string
  readonly values: readonly unknown[]
}

type Reply = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: PackedError })

/** What a worker and its page have in common; both sides of a `MessagePort` too. */
type Port = Pick<Worker, 'postMessage' | 'addEventListener'>

/** The page's side: sends requests, each with a promise of its answer. */
export interface WorkerClient<R extends Requests<R>> {
  /** @throws What the handler has thrown, as the same class; `engine-failed` when the worker itself breaks. */
  ask<Kind extends keyof R & string>(kind: Kind, ...values: Parameters<R[Kind]>): Promise<ReturnType<R[Kind]>>
}

/**
 * Talks to a worker that runs `serveRequests`.
 * @param onEvent What the worker tells by itself.
 * @param onFailure The worker itself is broken: its script cannot be loaded, or it has thrown outside of a request.
 */
export function workerClient<R extends Requests<R>, Event>(
  worker: Worker,
  onEvent?: (event: Event) => void,
  onFailure?: (error: Error) => void,
): WorkerClient<R> {
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let last = 0
  let broken: Error | undefined
  worker.addEventListener('message', ({ data }: MessageEvent<Reply | { readonly event: Event }>) => {
    if ('event' in data) return onEvent?.(data.event)
    const { resolve, reject } = waiting.get(data.id)!
    waiting.delete(data.id)
    if ('error' in data) reject(unpackError(data.error))
    else resolve(data.answer)
  })
  const fail = (event: Event | ErrorEvent) => {
    const message = 'message' in (event as object) ? (event as ErrorEvent).message : ''
    broken = new AlexNetError('engine-failed', `the worker has failed: ${message || 'its script cannot be loaded'}`)
    for (const { reject } of waiting.values()) reject(broken)
    waiting.clear()
    onFailure?.(broken)
  }
  worker.addEventListener('error', fail as (event: globalThis.Event) => void)
  return {
    ask(kind, ...values) {
      if (broken) return Promise.reject(broken)
      return new Promise((resolve, reject) => {
        const task: Task = { id: ++last, kind, values }
        waiting.set(task.id, { resolve: resolve as (answer: unknown) => void, reject })
        worker.postMessage(task)
      })
    },
  }
}

/** The worker's side: answers requests. Returns what tells the page something by itself. */
export function serveRequests<R extends Requests<R>, Event>(port: Port, handlers: Handlers<R>): (event: Event) => void {
  port.addEventListener('message', async (message) => {
    const { id, kind, values } = (message as MessageEvent<Task>).data
    try {
      const answer = await handlers[kind as keyof R](...(values as Parameters<R[keyof R]>))
      port.postMessage({ id, answer } satisfies Reply)
    } catch (error) {
      port.postMessage({ id, error: packError(error) } satisfies Reply)
    }
  })
  return (event) => port.postMessage({ event })
}
