import { Worker } from 'node:worker_threads'
import { oneThread, type PassCall, type PassRunner, passFunctions, shareOf } from '../pass-runner.js'
import { CONTROL, fitsControl, newControl, type UpdateWorkerData, writeCall } from './shared-call.js'

/** Fewer turns than these are done sooner than another thread has woken up. */
const FEWEST_TURNS = 4096

/**
 * Runs passes on several threads, the calling one among them: each does its share of the turns. The others are started by
 * the first pass that is worth it, and sleep in between.
 */
export function updateThreads(threads: number) {
  return (module: WebAssembly.Module, memory: WebAssembly.Memory): PassRunner =>
    threads > 1 ? new UpdateThreads(module, memory, threads) : oneThread(module, memory)
}

class UpdateThreads implements PassRunner {
  private readonly own: (call: PassCall) => void
  private readonly control = newControl()
  private workers: readonly Worker[] | undefined

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly memory: WebAssembly.Memory,
    private readonly threads: number,
  ) {
    this.own = passFunctions(module, memory)
  }

  run(call: PassCall): void {
    if (call.turns >= FEWEST_TURNS && fitsControl(call) && this.areReady()) this.share(call)
    else this.own(call)
  }

  dispose(): void {
    Atomics.store(this.control, CONTROL.round, -1)
    Atomics.notify(this.control, CONTROL.round)
    this.workers = undefined
  }

  private share(call: PassCall): void {
    const { control, threads } = this
    writeCall(control, call)
    Atomics.store(control, CONTROL.waiting, threads - 1)
    Atomics.add(control, CONTROL.round, 1)
    Atomics.notify(control, CONTROL.round)
    this.own(shareOf(call, 0, threads))
    for (;;) {
      const waiting = Atomics.load(control, CONTROL.waiting)
      if (waiting === 0) return
      Atomics.wait(control, CONTROL.waiting, waiting)
    }
  }

  /** The system may refuse to start them, and a start takes some milliseconds: nobody waits for it. */
  private areReady(): boolean {
    this.workers ??= this.start()
    return Atomics.load(this.control, CONTROL.ready) === this.threads - 1
  }

  private start(): readonly Worker[] {
    const { module, memory, control, threads } = this
    return Array.from({ length: threads - 1 }, (_, i) => {
      const workerData: UpdateWorkerData = { module, memory, control, share: i + 1, shares: threads }
      const worker = new Worker(new URL('./update-worker.js', import.meta.url), { workerData, execArgv: [] })
      worker.on('error', () => {}) // Then it is never ready, and this thread does its share.
      worker.unref()
      return worker
    })
  }
}
