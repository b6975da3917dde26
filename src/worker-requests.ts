import { AlexNetError, messageOf } from './errors.js'
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
type Message<Event> = Reply | { readonly event: Event }

/** A worker thread of Node, as its owner sees it. */
interface NodeWorker {
  postMessage(message: unknown, moved: readonly ArrayBuffer[]): void
  on(event: string, listener: (value: unknown) => void): unknown
  ref(): void
  unref(): void
}

/** A worker of a browser, as its owner sees it. */
type WebWorker = Pick<Worker, 'postMessage' | 'addEventListener'>

/** The worker's own end of the line: what is global in a browser's worker, `parentPort` in Node's; any `MessagePort`. */
interface Port {
  postMessage(message: unknown, moved: ArrayBuffer[]): void
  addEventListener(type: string, listener: (event: globalThis.Event) => void): void
}

/** The owner's side: sends requests, each with a promise of its answer. */
export interface WorkerClient<R extends Requests<R>> {
  /** What every question is rejected with: the reason why it was closed, or how the worker broke. */
  readonly broken: Error | undefined
  /** @throws What the handler has thrown, as the same class; the error of `failure` when the worker itself breaks. */
  ask<Kind extends keyof R & string>(kind: Kind, ...values: Parameters<R[Kind]>): Promise<ReturnType<R[Kind]>>
  /** Rejects with `reason` what waits for an answer, and what is asked later. The first reason stays. */
  close(reason: Error): void
}

export interface WorkerClientOptions<Event = never> {
  /** What the worker tells by itself. */
  onEvent?(event: Event): void
  /** The worker is broken: its script cannot be loaded, it has thrown outside of a request, or it has ended. */
  onFailure?(error: Error): void
  /**
   * The error of a broken worker. Default: `engine-failed`.
   * @param what `failed: …` or `ended with exit code …`.
   * @param cause What the worker has thrown, in Node.
   */
  failure?(what: string, cause?: Error): Error
  /** Whether a request that waits keeps Node's process alive; a worker at rest never does. Default: true. */
  readonly keepsAlive?: boolean
}

/** Talks to a worker, of Node or of a browser, that runs `serveRequests`. */
export function workerClient<R extends Requests<R>, Event = never>(
  worker: NodeWorker | WebWorker,
  {
    onEvent,
    onFailure,
    failure = (what) => new AlexNetError('engine-failed', `the worker ${what}`),
    keepsAlive = true,
  }: WorkerClientOptions<Event> = {},
): WorkerClient<R> {
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>()
  let last = 0
  let broken: Error | undefined
  const node = 'unref' in worker ? worker : undefined

  const close = (reason: Error) => {
    broken ??= reason
    for (const { reject } of waiting.values()) reject(broken)
    waiting.clear()
  }
  const receive = (message: Message<Event>) => {
    if ('event' in message) return onEvent?.(message.event)
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (keepsAlive && waiting.size === 0) node?.unref()
    if ('error' in message) asked?.reject(unpackError(message.error))
    else asked?.resolve(message.answer)
  }
  listen(worker, receive, (what, cause) => {
    if (broken) return
    close(failure(what, cause))
    onFailure?.(broken!)
  })
  // After the listeners: with each that is added, Node holds the process again.
  node?.unref()

  return {
    close,
    get broken() {
      return broken
    },
    ask(kind, ...values) {
      return new Promise((resolve, reject) => {
        if (broken) throw broken
        const task: Task = { id: ++last, kind, values }
        worker.postMessage(task, values.flatMap(movedWith))
        waiting.set(task.id, { resolve: resolve as (answer: unknown) => void, reject })
        if (keepsAlive) node?.ref()
      })
    },
  }
}

function listen<Event>(
  worker: NodeWorker | WebWorker,
  onMessage: (message: Message<Event>) => void,
  onFailure: (what: string, cause?: Error) => void,
): void {
  if ('on' in worker) {
    worker.on('message', (message) => onMessage(message as Message<Event>))
    worker.on('error', (error) => onFailure(`failed: ${messageOf(error)}`, error as Error))
    worker.on('exit', (code) => onFailure(`ended with exit code ${code}`))
    return
  }
  worker.addEventListener('message', ({ data }: MessageEvent<Message<Event>>) => onMessage(data))
  worker.addEventListener('error', ({ message }) => onFailure(`failed: ${message || 'its script cannot be loaded'}`))
}

/**
 * The worker's side: answers requests. Returns what tells the owner something by itself.
 * @param options.inTurn Begin a request only when the one before is answered. Default: false.
 */
export function serveRequests<R extends Requests<R>, Event = never>(
  port: Port,
  handlers: Handlers<R>,
  { inTurn = false }: { readonly inTurn?: boolean } = {},
): (event: Event) => void {
  const answer = async ({ id, kind, values }: Task) => {
    try {
      const value: unknown = await handlers[kind as keyof R](...(values as Parameters<R[keyof R]>))
      port.postMessage({ id, answer: value } satisfies Reply, movedWith(value))
    } catch (error) {
      port.postMessage({ id, error: packError(error) } satisfies Reply, [])
    }
  }
  let last: Promise<void> = Promise.resolve()
  port.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<Task>
    if (inTurn) last = last.then(() => answer(data))
    else void answer(data)
  })
  return (event) => port.postMessage({ event }, [])
}

/** The memory that goes along with a value. */
const moved = new WeakMap<object, ArrayBuffer[]>()

/**
 * A value of a request, or an answer, whose memory is handed over instead of copied: the sender can use it no more.
 * @example client.ask('fill', moving({ images }, [images]))
 */
export function moving<T extends object>(value: T, memory: ArrayBuffer[]): T {
  moved.set(value, memory)
  return value
}

function movedWith(value: unknown): ArrayBuffer[] {
  return (typeof value === 'object' && value !== null && moved.get(value)) || []
}
