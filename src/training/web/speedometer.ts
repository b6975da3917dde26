/** Pictures a second, of a training that may stand still in between. Times are in milliseconds. */
export class Speedometer {
  private since: number | undefined
  private readonly recent: { pictures: number; milliseconds: number }[] = []
  private total = { pictures: 0, milliseconds: 0 }

  /** A step has ended. The first one after a break also compiles or warms up, and is not counted. */
  count(pictures: number, now = performance.now()): void {
    if (this.since === undefined) return
    const milliseconds = now - this.since
    this.recent.push({ pictures, milliseconds })
    this.total = { pictures: this.total.pictures + pictures, milliseconds: this.total.milliseconds + milliseconds }
    // About a second's worth.
    while (this.recent.length > 1 && sum(this.recent) - this.recent[0].milliseconds >= 1000) this.recent.shift()
  }

  /** The next step begins. */
  go(now = performance.now()): void {
    this.since = now
  }

  /** Of the last second; 0 before there is a step to tell from. */
  now(): number {
    const pictures = this.recent.reduce((all, each) => all + each.pictures, 0)
    return pictures === 0 ? 0 : (1000 * pictures) / sum(this.recent)
  }

  /** Since the last call of it. */
  takeMean(): number {
    const { pictures, milliseconds } = this.total
    this.total = { pictures: 0, milliseconds: 0 }
    return pictures === 0 ? 0 : (1000 * pictures) / milliseconds
  }
}

function sum(steps: readonly { readonly milliseconds: number }[]): number {
  return steps.reduce((all, { milliseconds }) => all + milliseconds, 0)
}
