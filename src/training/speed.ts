/** Seconds' worth of steps that the present speed is told from. */
const RECENT_SECONDS = 3

/** Seconds' worth that the time left is told from: it is not to jump about on a busy machine. */
const LATE_SECONDS = 60

interface Stretch {
  readonly pictures: number
  readonly seconds: number
}

const nothing: Stretch = { pictures: 0, seconds: 0 }

/** The speed of a training, of its steps alone. Times are in milliseconds. */
export class Speed {
  /** When the step that is under way began; undefined before the first, which also compiles the program and is not counted. */
  private since: number | undefined
  private recent: Stretch[] = []
  /** Stretches of a second and more, the newest last. */
  private late: Stretch[] = []
  private epoch = nothing
  private total = nothing
  /** Seconds of `total` in which the engine waited for its batch. */
  private waited = 0

  /**
   * A step has ended, and the next one begins.
   * @param waited How long the engine has waited for the batch.
   */
  count(pictures: number, waited = 0, now = performance.now()): void {
    if (this.since !== undefined) {
      const step: Stretch = { pictures, seconds: (now - this.since) / 1000 }
      this.recent.push(step)
      // At least one step, however long it takes.
      while (this.recent.length > 1 && sum(this.recent.slice(1)).seconds >= RECENT_SECONDS) this.recent.shift()
      this.countLate(step)
      this.epoch = sum([this.epoch, step])
      this.total = sum([this.total, step])
      this.waited += waited / 1000
    }
    this.since = now
  }

  /** The next step begins only now: what lay in between (an evaluation, a checkpoint, a pause) was no training. */
  goOn(now = performance.now()): void {
    if (this.since !== undefined) this.since = now
  }

  /** Pictures a second over the last steps; 0 before there is one to tell from. */
  now(): number {
    return perSecond(sum(this.recent))
  }

  /** Pictures a second over the last minute of steps; 0 before there is one to tell from. */
  lately(): number {
    return perSecond(sum(this.late))
  }

  /** The steps that were counted so far. */
  measured(): Stretch {
    return this.total
  }

  private countLate(step: Stretch): void {
    const last = this.late.at(-1)
    if (last && last.seconds < 1) this.late[this.late.length - 1] = sum([last, step])
    else this.late.push(step)
    while (this.late.length > 1 && sum(this.late.slice(1)).seconds >= LATE_SECONDS) this.late.shift()
  }

  /** Of the epoch that ends here: since the last call. */
  takeEpoch(): { readonly seconds: number; readonly imagesPerSecond: number } {
    const epoch = this.epoch
    this.epoch = nothing
    return { seconds: epoch.seconds, imagesPerSecond: perSecond(epoch) }
  }

  /** Pictures a second over all steps. */
  mean(): number {
    return perSecond(this.total)
  }

  /** The share of the time in which the engine waited for pictures, 0–1. */
  waitingShare(): number {
    return this.total.seconds > 0 ? Math.min(1, this.waited / this.total.seconds) : 0
  }
}

function sum(stretches: readonly Stretch[]): Stretch {
  return stretches.reduce((a, b) => ({ pictures: a.pictures + b.pictures, seconds: a.seconds + b.seconds }), nothing)
}

function perSecond({ pictures, seconds }: Stretch): number {
  return pictures === 0 ? 0 : pictures / Math.max(seconds, 1e-9)
}
