import type { DownloadProgress } from '../data/node/download.js'
import { fileSize } from './format.js'
import { isQuiet } from './output.js'

/** Milliseconds between two lines of a terminal, which the next one replaces, and of a file. */
const PAUSE = { terminal: 100, file: 10_000 }

/** Tells on the standard error how far a download has come: a line that changes, or now and then a new one. */
export class DownloadLine {
  private readonly interactive = process.stderr.isTTY === true
  private last = Number.NEGATIVE_INFINITY
  private open = false

  /** @param what Is downloaded: `torchvision's weights`. */
  constructor(private readonly what: string) {}

  readonly show = ({ received, total }: DownloadProgress): void => {
    const now = performance.now()
    if (isQuiet() || now - this.last < (this.interactive ? PAUSE.terminal : PAUSE.file)) return
    this.last = now
    const line = `downloading ${this.what}: ${fileSize(received)}${total === undefined ? '' : ` of ${fileSize(total)}`}`
    process.stderr.write(this.interactive ? `\r\x1b[K${line}` : `${line}\n`)
    this.open = this.interactive
  }

  /** Makes room for what is said next. */
  stop(): void {
    if (this.open) process.stderr.write('\r\x1b[K')
    this.open = false
  }
}
