import { Worker } from 'node:worker_threads'
import { AlexNetError } from '../../../errors.js'
import { oneThread, type PassCall, type PassRunner, passFunctions, shareOf } from '../pass-runner.js'
import { CONTROL, fitsControl, newControl, type UpdateWorkerData, writeCall } from './shared-call.js'

/** Fewer turns than these are done sooner than another thread has woken up. */
const FEWEST_TURNS = 4096

const MILLISECONDS_A_WAIT = 500

/**
 * Runs passes on several threads, the calling one among them: each does its share of the turns. The others are started by
 * the first pass that is worth it, and sleep in between.
 *
 * @param mostSeconds How long the others may take for their shares, which are done in a fraction of a second.
 */
export function updateThreads(threads: number, mostSeconds = 30) {
  return (module: WebAssembly.Module, memory: WebAssembly.Memory): PassRunner =>
    threads > 1 ? new UpdateThreads(module, memory, threads, mostSeconds) : oneThread(module, memory)
}

class UpdateThreads implements PassRunner {
  private readonly own: (call: PassCall) => void
  private readonly control = newControl()
  private isStarted = false

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly memory: WebAssembly.Memory,
    private readonly threads: number,
    private readonly mostSeconds: number,
  ) {
    this.own = passFunctions(module, memory)
  }

  get sharedPasses(): number {
    return Math.max(0, Atomics.load(this.control, CONTROL.round))
  }

  /** @throws AlexNetError `engine-failed` when another thread has died, or does not come to do its share. */
  run(call: PassCall): void {
    if (call.turns >= FEWEST_TURNS && fitsControl(call) && this.areReady()) this.share(call)
    else this.own(call)
  }

  dispose(): void {
    Atomics.store(this.control, CONTROL.round, -1)
    Atomics.notify(this.control, CONTROL.round)
  }

  private share(call: PassCall): void {
    const { control, threads } = this
    writeCall(control, call)
    Atomics.store(control, CONTROL.waiting, threads - 1)
    Atomics.add(control, CONTROL.round, 1)
    Atomics.notify(control, CONTROL.round)
    this.own(shareOf(call, 0, threads))
    // Counted in waits, not by the clock, which goes on while a process is stopped or a computer sleeps.
    for (let waits = 0; waits <= (1000 * this.mostSeconds) / MILLISECONDS_A_WAIT; ) {
      const waiting = Atomics.load(control, CONTROL.waiting)
      if (waiting === 0) return
      if (Atomics.wait(control, CONTROL.waiting, waiting, MILLISECONDS_A_WAIT) === 'timed-out') waits++
    }
    throw new AlexNetError(
      'engine-failed',
      `a thread of the update has not done its share in ${this.mostSeconds} seconds`,
    )
  }

  /** A start takes some milliseconds, and may fail: nobody waits for it. */
  private areReady(): boolean {
    if (!this.isStarted) this.start()
    this.isStarted = true
    return Atomics.load(this.control, CONTROL.ready) === this.threads - 1
  }

  /** Where the system allows no more threads, all passes are done by this one: never are as many ready as are needed. */
  private start(): void {
    const { module, memory, control, threads } = this
    try {
      for (let share = 1; share < threads; share++) {
        const workerData: UpdateWorkerData = { module, memory, control, share, shares: threads }
        const worker = new Worker(new URL('./update-worker.js', import.meta.url), { workerData, execArgv: [] })
        worker.on('error', () => {}) // Then it is never ready, or `share` finds out.
        worker.unref()
      }
    } catch {
      this.dispose() // Those that have been started.
    }
  }
}
