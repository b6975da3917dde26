interface Stretch {
  pictures: number
  seconds: number
}

/** Measures the speed of training, and says when the next checkpoint is due. Evaluation and saving do not count. */
export class TrainingClock {
  private lastSave = performance.now()
  /** When the last step ended; undefined before the first, which also compiles the program and is not counted. */
  private lastStep: number | undefined
  private readonly total: Stretch = { pictures: 0, seconds: 0 }
  private current: Stretch = { pictures: 0, seconds: 0 }
  /** Seconds of `total` in which the engine waited for its batch. */
  private waited = 0

  constructor(private readonly checkpointSeconds: number) {}

  /**
   * Counts a step that ends now.
   * @param waited Milliseconds of it in which the engine waited for the batch.
   */
  count(pictures: number, waited: number): void {
    const now = performance.now()
    if (this.lastStep !== undefined) {
      for (const sum of [this.total, this.current]) {
        sum.pictures += pictures
        sum.seconds += (now - this.lastStep) / 1000
      }
      this.waited += waited / 1000
    }
    this.lastStep = now
  }

  /** The speed of the epoch that ends here. */
  epoch(): { seconds: number; imagesPerSecond: number } {
    const { pictures, seconds } = this.current
    this.current = { pictures: 0, seconds: 0 }
    return { seconds, imagesPerSecond: pictures / Math.max(seconds, 1e-9) }
  }

  imagesPerSecond(): number {
    return this.total.pictures / Math.max(this.total.seconds, 1e-9)
  }

  /** The share of the time in which the engine waited for pictures, 0–1. */
  waitingShare(): number {
    return Math.min(1, this.waited / Math.max(this.total.seconds, 1e-9))
  }

  isDue(): boolean {
    return (performance.now() - this.lastSave) / 1000 >= this.checkpointSeconds
  }

  saved(): void {
    this.lastSave = performance.now()
    this.lastStep = this.lastSave
  }
}
