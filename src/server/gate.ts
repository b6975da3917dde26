/** Lets so many through at a time; the others wait in the order in which they came. */
export class Gate {
  private inside = 0
  private readonly queue: (() => void)[] = []

  constructor(private readonly width: number) {}

  /** Those inside and those who wait. */
  get length(): number {
    return this.inside + this.queue.length
  }

  /** Does `work` when there is room. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.width) await new Promise<void>((enter) => this.queue.push(enter))
    else this.inside++
    try {
      return await work()
    } finally {
      // Whoever waits takes the place over, so that nobody slips in between.
      const next = this.queue.shift()
      if (next) next()
      else this.inside--
    }
  }
}
