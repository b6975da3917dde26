import type { SkippedFile } from '../data/node/pictures/picture-list.js'
import { count, duration } from './format.js'
import { interruptible } from './interrupt.js'
import { leftOut } from './left-out.js'
import { isQuiet, remark } from './output.js'

/** Seconds between two lines of a terminal, which the next one replaces, and of a file. */
const SECONDS = { terminal: 0.1, file: 10 }

interface Position {
  readonly done: number
  readonly total: number
}

/** What work on many pictures is given: what tells it to stop, and whom it tells how far it has come. */
interface Following {
  readonly signal: AbortSignal
  readonly onProgress: (at: Position) => void
}

/** Tells on the standard error how far work on many pictures has come: a line that changes, or now and then a new one. */
export class PictureProgress {
  private readonly interactive = process.stderr.isTTY === true
  private readonly start = performance.now()
  private last = this.start
  private open = false

  /** @param verb What is done with a picture: `encoded`. */
  constructor(private readonly verb: string) {}

  /**
   * Shows how far work has come, until it is done or Ctrl-C has stopped it.
   * @param stopping What is said when it is to stop.
   */
  async follow(stopping: string, work: (following: Following) => Promise<void>): Promise<void> {
    const announce = () => this.say(stopping)
    await interruptible(announce, async (signal) => {
      try {
        await work({ signal, onProgress: (at) => this.show(at) })
      } finally {
        this.stop()
      }
    })
  }

  /** Makes room for the result, and lists what was left out. */
  finish(skipped: readonly SkippedFile[] = []): void {
    this.stop()
    for (const line of leftOut(skipped, '--json names them all')) this.say(line)
  }

  private show({ done, total }: Position): void {
    if (isQuiet()) return
    const now = performance.now()
    const pause = this.interactive ? SECONDS.terminal : SECONDS.file
    if ((now - this.last) / 1000 < pause || done === total) return
    this.last = now
    const speed = done / ((now - this.start) / 1000)
    const line = `${this.verb} ${count(done)} of ${count(total)}, ${count(speed)} images/s, ${duration((total - done) / speed)} left`
    process.stderr.write(this.interactive ? `\r\x1b[K${line}` : `${line}\n`)
    this.open = this.interactive
  }

  private say(line: string): void {
    this.stop()
    remark(line)
  }

  /** Ends the line that changes. */
  private stop(): void {
    if (this.open) process.stderr.write('\r\x1b[K')
    this.open = false
  }
}
