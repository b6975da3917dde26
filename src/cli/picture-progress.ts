import pc from 'picocolors'
import type { SkippedFile } from '../data/node/pictures/picture-list.js'
import { count, duration } from './format.js'
import { printable } from './printable.js'

/** Seconds between two lines of a terminal, which the next one replaces, and of a file. */
const SECONDS = { terminal: 0.1, file: 10 }

/** As many files are named; how many more there are is said. */
const NAMED = 5

/** Tells on the standard error how far work on many pictures has come: a line that changes, or now and then a new one. */
export class PictureProgress {
  private readonly interactive = process.stderr.isTTY === true
  private readonly start = performance.now()
  private last = this.start
  private open = false

  /** @param verb What is done with a picture: `encoded`. */
  constructor(private readonly verb: string) {}

  show({ done, total }: { readonly done: number; readonly total: number }): void {
    const now = performance.now()
    const pause = this.interactive ? SECONDS.terminal : SECONDS.file
    if ((now - this.last) / 1000 < pause || done === total) return
    this.last = now
    const speed = done / ((now - this.start) / 1000)
    const line = `${this.verb} ${count(done)} of ${count(total)}, ${count(speed)} images/s, ${duration((total - done) / speed)} left`
    process.stderr.write(this.interactive ? `\r\x1b[K${line}` : `${line}\n`)
    this.open = this.interactive
  }

  /** Lists what was left out. */
  finish(skipped: readonly SkippedFile[]): void {
    this.stop()
    if (skipped.length === 0) return
    this.say(pc.yellow(`warning: ${count(skipped.length)} files are left out:`))
    for (const { name, reason } of skipped.slice(0, NAMED)) this.say(`  ${printable(name)}: ${printable(reason)}`)
    if (skipped.length > NAMED) this.say(`  and ${count(skipped.length - NAMED)} more; --json names them all`)
  }

  say(line: string): void {
    this.stop()
    process.stderr.write(`${line}\n`)
  }

  /** Ends the line that changes. */
  stop(): void {
    if (this.open) process.stderr.write('\r\x1b[K')
    this.open = false
  }
}
