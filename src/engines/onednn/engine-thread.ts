import { Worker } from 'node:worker_threads'
import { AlexNetError } from '../../errors.js'
import { unpackError } from '../../packed-error.js'
import type { Answers, Reply, Request, Task } from './messages.js'

interface Waiting {
  resolve(answer: Answers[keyof Answers]): void
  reject(error: Error): void
}

/** The engine's thread as the calling thread sees it: questions and answers. It is started by the first question. */
export class EngineThread {
  private worker: Worker | undefined
  private readonly waiting = new Map<number, Waiting>()
  private count = 0

  constructor(private readonly file: URL) {}

  /** @throws The error that the thread met. */
  ask<Kind extends Request['kind']>(request: Extract<Request, { kind: Kind }>): Promise<Answers[Kind]> {
    const worker = this.worker ?? this.start()
    this.worker = worker
    const id = ++this.count
    // Only who waits for an answer keeps the process alive.
    worker.ref()
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
      worker.postMessage({ ...request, id } satisfies Task)
    })
  }

  private start(): Worker {
    // Not the options of this process: `--input-type`, with which a script is given to `node --eval`, fits no file.
    const worker = new Worker(this.file, { execArgv: [] })
    worker.on('message', (reply: Reply) => {
      const waiting = this.waiting.get(reply.id)
      this.waiting.delete(reply.id)
      if (this.waiting.size === 0) worker.unref()
      if ('error' in reply) waiting?.reject(unpackError(reply.error))
      else waiting?.resolve(reply.answer)
    })
    worker.on('error', (error) => this.fail(`its thread failed: ${error.message}`))
    worker.on('exit', (code) => this.fail(`its thread ended with exit code ${code}`))
    return worker
  }

  private fail(reason: string): void {
    this.worker = undefined
    for (const { reject } of this.waiting.values()) reject(new AlexNetError('engine-failed', `onednn: ${reason}`))
    this.waiting.clear()
  }
}
