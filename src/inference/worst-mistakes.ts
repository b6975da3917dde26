import type { Batch } from '../data/batch.js'
import type { Normalisation } from '../data/normalisation.js'
import type { LiveMistake } from '../runs/live.js'
import { type Tensor, uint8 } from '../tensor.js'
import { tileSize, writeTile } from './tiles.js'

interface Kept extends LiveMistake {
  readonly tile: Uint8Array
}

/** Collects, in an evaluation, the pictures of whose wrong class the net is surest. */
export class WorstMistakes {
  /** The most confident first. */
  private kept: Kept[] = []
  private seen = 0

  constructor(
    private readonly classes: readonly string[],
    private readonly normalisation: Normalisation,
    private readonly most: number,
  ) {}

  /**
   * Looks at one batch; batches come in the order of the pictures.
   * @param logits (N, classes)
   */
  add({ images, labels }: Batch, logits: Float32Array): void {
    const { classes } = this
    const [, , height, width] = images.shape
    const size = 3 * height * width
    for (let n = 0; n < labels.data.length; n++) {
      const own = logits.subarray(n * classes.length, (n + 1) * classes.length)
      const { predicted, probability } = surest(own)
      if (predicted === labels.data[n] || !this.isWorthKeeping(probability)) continue
      const tile = tileSize(height, width)
      const bytes = new Uint8Array(3 * tile.height * tile.width)
      const values = images.data.subarray(n * size, (n + 1) * size)
      writeTile(values, height, width, this.normalisation, bytes, 0)
      this.keep({
        label: classes[labels.data[n]],
        predicted: classes[predicted],
        probability,
        index: this.seen + n,
        tile: bytes,
      })
    }
    this.seen += labels.data.length
  }

  /** What was collected, and room for the next evaluation. Undefined where there was no mistake. */
  take(imageShape: readonly number[]): { mistakes: LiveMistake[]; tiles: Tensor<'uint8'> | undefined } {
    const { kept } = this
    this.kept = []
    this.seen = 0
    const mistakes = kept.map(({ tile: _, ...mistake }) => mistake)
    if (kept.length === 0) return { mistakes, tiles: undefined }
    const { height, width } = tileSize(imageShape[1], imageShape[2])
    const bytes = new Uint8Array(kept.length * 3 * height * width)
    kept.forEach(({ tile }, i) => {
      bytes.set(tile, i * tile.length)
    })
    return { mistakes, tiles: uint8([kept.length, 3, height, width], bytes) }
  }

  private isWorthKeeping(probability: number): boolean {
    return this.kept.length < this.most || probability > this.kept[this.kept.length - 1].probability
  }

  private keep(mistake: Kept): void {
    const place = this.kept.findIndex(({ probability }) => probability < mistake.probability)
    this.kept.splice(place < 0 ? this.kept.length : place, 0, mistake)
    if (this.kept.length > this.most) this.kept.pop()
  }
}

/** The most probable class, and its softmax. */
function surest(logits: Float32Array): { predicted: number; probability: number } {
  let predicted = 0
  for (let c = 1; c < logits.length; c++) if (logits[c] > logits[predicted]) predicted = c
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - logits[predicted])
  return { predicted, probability: 1 / sum }
}
