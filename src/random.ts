/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", 2011). A number depends on nothing but its key and its counter, so there is no generator state to save:
 * a resumed run, and any number of loader workers, draw exactly the same numbers.
 */

const PARITY = 0x1bd11bda

/** The second word of the last `threefry` call; the first is its return value. Two returns without an allocation. */
let secondWord = 0

/** Encrypts the counter (c0, c1) with the key (k0, k1); returns the first word, leaves the second in `secondWord`. */
function threefry(k0: number, k1: number, c0: number, c1: number): number {
  let [next, afterNext, last] = [k1, PARITY ^ k0 ^ k1, k0]
  let x0 = (c0 + k0) | 0
  let x1 = (c1 + k1) | 0
  for (let group = 1; group <= 5; group++) {
    // Written out, for this is called for every number that is drawn: rotations that are constants are single instructions.
    if (group & 1) {
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0
    } else {
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0
      x0 = (x0 + x1) | 0
      x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0
    }
    // Key injection: the three key words take turns.
    x0 = (x0 + next) | 0
    x1 = (x1 + afterNext + group) | 0
    const turned = next
    next = afterNext
    afterNext = last
    last = turned
  }
  secondWord = x1
  return x0
}

/** Threefry-2x32-20 of one counter, as two unsigned words. Exposed for the test against the published vectors. */
export function threefry2x32(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const first = threefry(key[0], key[1], counter[0], counter[1])
  return [first >>> 0, secondWord >>> 0]
}

/** What random numbers are drawn for. Each purpose has a sequence of its own, so adding one changes no other. */
export type Purpose =
  | 'initial-weights'
  | 'shuffle'
  | 'augmentation'
  | 'mix'
  | 'dropout'
  | 'sampling'
  | 'shapes'
  | 'split'
  | 'test'

/** FNV-1a: a name as a 32-bit key word. */
function hash(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h
}

/** A sequence of random numbers. Two streams with the same key give the same numbers, in the same order. */
export class RandomStream {
  private counter = 0
  private spare = 0
  private hasSpare = false

  constructor(
    private readonly k0: number,
    private readonly k1: number,
  ) {}

  /** A uniform unsigned 32-bit integer. */
  uint32(): number {
    if (this.hasSpare) {
      this.hasSpare = false
      return this.spare
    }
    const first = threefry(this.k0, this.k1, this.counter++, 0)
    this.spare = secondWord >>> 0
    this.hasSpare = true
    return first >>> 0
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.uint32() / 4294967296
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform()
  }

  /** A uniform integer in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound)
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** A sample of the normal distribution with mean 0 and deviation 1 (Box–Muller). */
  normal(): number {
    // 1 - u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return radius * Math.cos(2 * Math.PI * this.uniform())
  }

  /**
   * Fills `target` with 1 (with probability `keep`) and 0: a dropout mask. Decides by 16 bits, so `keep` is met to 2⁻¹⁶.
   *
   * @param from The place in the whole mask where `target` begins: a part of a mask can be drawn alone.
   */
  fillMask(target: Uint8Array | Float64Array, keep: number, from = 0): void {
    const limit = Math.round(keep * 65536)
    // One counter makes two words of 32 bits, each of which decides two values.
    this.counter = Math.floor(from / 4)
    this.hasSpare = false
    if (from % 4 >= 2) this.uint32()
    let start = 0
    if (from % 2 === 1) target[start++] = this.uint32() >>> 16 < limit ? 1 : 0
    for (let i = start; i < target.length; i += 2) {
      const word = this.uint32()
      target[i] = (word & 0xffff) < limit ? 1 : 0
      if (i + 1 < target.length) target[i + 1] = word >>> 16 < limit ? 1 : 0
    }
  }

  /** A random order of 0 … length - 1 (Fisher–Yates). */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i)
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const swapped = order[i]
      order[i] = order[j]
      order[j] = swapped
    }
    return order
  }
}

/**
 * The random numbers for one use, keyed by all that it depends on.
 *
 * @param seed The run's seed.
 * @param purpose What the numbers are for.
 * @param indices Any coordinates of the use: epoch, picture, parameter name.
 * @example random(seed, 'augmentation', epoch, pictureIndex).chance(0.5) // mirror this picture in this epoch?
 */
export function random(seed: number, purpose: Purpose, ...indices: readonly (number | string)[]): RandomStream {
  let k0 = threefry(seed | 0, Math.floor(seed / 4294967296) | 0, hash(purpose), indices.length)
  let k1 = secondWord
  for (const index of indices) {
    const word = typeof index === 'string' ? hash(index) : index | 0
    k0 = threefry(k0, k1, word, 1)
    k1 = secondWord
  }
  return new RandomStream(k0, k1)
}
