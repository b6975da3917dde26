/** What a training has told so far, in the form that charts take: columns over a common axis of epochs. */
export interface Curves {
  readonly x: readonly number[]
  readonly trainLoss: readonly (number | null)[]
  readonly testLoss: readonly (number | null)[]
  readonly trainError: readonly (number | null)[]
  readonly testError: readonly (number | null)[]
}

/** Rows that are kept. Beyond that every second step is dropped: a screen shows no more. */
const MOST_ROWS = 3000
/** How much of the curve's past goes into a point: single batches are noise. */
const SMOOTHING = 0.92

interface Row {
  readonly epoch: number
  readonly train?: { readonly loss: number; readonly error: number }
  readonly test?: { readonly loss: number; readonly error: number }
}

/** Collects the curves of a training, whose steps come many times a second. */
export class CurveRecorder {
  private rows: Row[] = []
  private smooth: { loss: number; error: number } | undefined

  /** @param epoch Epochs done, with the current one's fraction. @param error Share of the batch that was wrong. */
  step(epoch: number, loss: number, error: number): void {
    this.smooth = this.smooth
      ? {
          loss: SMOOTHING * this.smooth.loss + (1 - SMOOTHING) * loss,
          error: SMOOTHING * this.smooth.error + (1 - SMOOTHING) * error,
        }
      : { loss, error }
    this.rows.push({ epoch, train: this.smooth })
    if (this.rows.length > MOST_ROWS) this.rows = this.rows.filter((row, i) => row.test || i % 2 === 0)
  }

  /** The evaluation after an epoch. */
  epoch(epoch: number, loss: number, error: number): void {
    this.rows.push({ epoch, test: { loss, error } })
  }

  /** The smoothed error of the last step; undefined before the first. */
  get lastError(): number | undefined {
    return this.smooth?.error
  }

  curves(): Curves {
    return {
      x: this.rows.map(({ epoch }) => epoch),
      trainLoss: this.rows.map(({ train }) => train?.loss ?? null),
      testLoss: this.rows.map(({ test }) => test?.loss ?? null),
      trainError: this.rows.map(({ train }) => (train ? 100 * train.error : null)),
      testError: this.rows.map(({ test }) => (test ? 100 * test.error : null)),
    }
  }
}
