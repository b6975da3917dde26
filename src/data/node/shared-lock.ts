/**
 * A lock that many hold together or one alone: `shared` work runs beside other shared work, `alone` beside nothing.
 * Whoever waits to be alone goes before shared work that comes later.
 */
export class SharedLock {
  private sharing = 0
  private isAlone = false
  private readonly waitingAlone: (() => void)[] = []
  private readonly waitingShared: (() => void)[] = []

  async shared<T>(work: () => Promise<T>): Promise<T> {
    if (this.isAlone || this.waitingAlone.length > 0)
      await new Promise<void>((resolve) => this.waitingShared.push(resolve))
    else this.sharing++
    try {
      return await work()
    } finally {
      this.sharing--
      this.next()
    }
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.isAlone || this.sharing > 0) await new Promise<void>((resolve) => this.waitingAlone.push(resolve))
    else this.isAlone = true
    try {
      return await work()
    } finally {
      this.isAlone = false
      this.next()
    }
  }

  /** Lets in who waits; whoever is let in counts as inside at once. */
  private next(): void {
    if (this.isAlone || this.sharing > 0) return
    const alone = this.waitingAlone.shift()
    if (alone) {
      this.isAlone = true
      alone()
      return
    }
    const shared = this.waitingShared.splice(0)
    this.sharing = shared.length
    for (const enter of shared) enter()
  }
}
