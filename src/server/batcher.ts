/** What a batcher is told. */
export interface BatcherOptions<Item, Result> {
  /** The most items in a batch. */
  readonly batchSize: number
  /** Milliseconds that the first item of a batch waits at most for others that are on their way. */
  readonly maxDelay: number
  /** How many items are on their way: as long as there are none, there is nothing to wait for. */
  readonly expected: () => number
  /** How many of the waiting items to take now, at most `batchSize`; default: all. */
  readonly take?: (waiting: number) => number
  /** Works on one batch; one result for each item, in order. Never called while it is at work. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly since: number
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Dynamic batching: items that arrive while a batch is at work form the next one. When nothing is at work, an item starts
 * at once, unless others are on their way: then it waits for them, `maxDelay` at most.
 */
export class Batcher<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = []
  private isRunning = false
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly options: BatcherOptions<Item, Result>) {}

  /** Items that wait, without those at work. */
  get length(): number {
    return this.waiting.length
  }

  /**
   * Adds an item to a batch.
   * @param signal Takes the item back while it waits.
   * @throws What `run` threw for its batch, or the signal's reason.
   */
  submit(item: Item, signal?: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const withdraw = () => {
        const place = this.waiting.indexOf(entry)
        if (place < 0) return
        this.waiting.splice(place, 1)
        reject(signal?.reason)
      }
      const settled = () => signal?.removeEventListener('abort', withdraw)
      const entry: Waiting<Item, Result> = {
        item,
        since: performance.now(),
        resolve: (result) => {
          settled()
          resolve(result)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      }
      signal?.addEventListener('abort', withdraw)
      this.waiting.push(entry)
      this.consider()
    })
  }

  /** Looks whether a batch should start: to be called when an expected item will not come after all. */
  consider(): void {
    clearTimeout(this.timer)
    if (this.isRunning || this.waiting.length === 0) return
    const { batchSize, maxDelay, expected } = this.options
    const left = this.waiting[0].since + maxDelay - performance.now()
    if (this.waiting.length < batchSize && left > 0 && expected() > 0) {
      this.timer = setTimeout(() => this.consider(), Math.ceil(left))
      return
    }
    void this.runBatch()
  }

  private async runBatch(): Promise<void> {
    const { batchSize, take, run } = this.options
    const most = Math.min(batchSize, this.waiting.length)
    const batch = this.waiting.splice(0, Math.min(most, Math.max(1, take?.(most) ?? most)))
    this.isRunning = true
    try {
      const results = await run(batch.map(({ item }) => item))
      batch.forEach(({ resolve }, i) => {
        resolve(results[i])
      })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      this.isRunning = false
      this.consider()
    }
  }
}
