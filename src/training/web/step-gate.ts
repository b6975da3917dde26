/**
 * Lets others at a training only between two steps, when its state is whole: to copy it, or to hold the training up.
 * Before `open` jobs wait for the next call of `pass`; afterwards, with the training over, they are done at once.
 */
export class StepGate {
  private readonly jobs: (() => Promise<void>)[] = []
  private wake: (() => void) | undefined
  private last: Promise<void> | undefined
  private paused = false

  /** Does `job` as soon as no step is running, one job after the other. */
  do<T>(job: () => Promise<T> | T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = async () => {
        try {
          resolve(await job())
        } catch (error) {
          reject(error)
        }
      }
      if (this.last) this.last = this.last.then(run)
      else this.jobs.push(run)
      this.wake?.()
    })
  }

  /** Holds the training up at its next step; resolves when it stands. */
  pause(): Promise<void> {
    return this.do(() => {
      this.paused = true
    })
  }

  resume(): void {
    this.paused = false
    this.wake?.()
  }

  /** The training comes by: does what has been asked for, and waits while it is paused. */
  async pass(): Promise<void> {
    await this.doJobs()
    while (this.paused) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
      this.wake = undefined
      await this.doJobs()
    }
  }

  /** The training is over, well or not. */
  open(): void {
    this.last = this.doJobs()
  }

  private async doJobs(): Promise<void> {
    for (let job = this.jobs.shift(); job; job = this.jobs.shift()) await job()
  }
}
