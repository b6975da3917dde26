/** Pictures a second over the last steps, so that a pause does not spoil the estimate for long. */
export class Speed {
  private readonly times: number[] = []

  /** Counts a step. @returns Pictures a second. */
  step(pictures: number): number {
    this.times.push(performance.now())
    if (this.times.length > 50) this.times.shift()
    const seconds = (this.times[this.times.length - 1] - this.times[0]) / 1000
    return ((this.times.length - 1) * pictures) / Math.max(seconds, 1e-9)
  }
}
