import { messageOf } from '../../errors.js'

/**
 * Writes one thing after the other beside the training, which does not wait. What fails is told once, and nothing is
 * written any more: the training goes on.
 */
export class BackgroundWrites {
  private last: Promise<void> = Promise.resolve()
  private hasFailed = false

  /** @param whenFailed Is told why, in words. */
  constructor(private readonly whenFailed: (reason: string) => void) {}

  add(write: () => Promise<void>): void {
    this.last = this.last.then(async () => {
      if (this.hasFailed) return
      try {
        await write()
      } catch (error) {
        this.hasFailed = true
        this.whenFailed(messageOf(error))
      }
    })
  }

  /** Waits for all that was begun. */
  done(): Promise<void> {
    return this.last
  }
}
