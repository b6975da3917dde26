import { AlexNetError, messageOf } from '../../errors.js'
import { VALUES_A_TURN } from './compile-pass.js'

const PAGE = 65536
const MOST_PAGES = 65536

/** Values of float32 in a memory, and where. */
export interface Region {
  /** In bytes. */
  readonly address: number
  readonly values: Float32Array
}

/** One piece of WebAssembly's memory, laid out once. A region is followed by zeros up to whole turns of a pass. */
export class UpdateMemory {
  readonly memory: WebAssembly.Memory
  readonly pages: number
  /** In the order of their sizes. */
  readonly regions: readonly Region[]

  /**
   * @param sizes How many values each region has.
   * @param shared Whether several threads shall see it.
   * @throws AlexNetError `engine-failed` when that is more than WebAssembly addresses, or than there is.
   */
  constructor(
    sizes: readonly number[],
    readonly shared: boolean,
  ) {
    const addresses: number[] = []
    let bytes = 0
    for (const size of sizes) {
      addresses.push(bytes)
      bytes += 4 * VALUES_A_TURN * Math.ceil(size / VALUES_A_TURN)
    }
    this.pages = Math.max(1, Math.ceil(bytes / PAGE))
    this.memory = newMemory(this.pages, shared)
    this.regions = sizes.map((size, i) => ({
      address: addresses[i],
      values: new Float32Array(this.memory.buffer, addresses[i], size),
    }))
  }
}

function newMemory(pages: number, shared: boolean): WebAssembly.Memory {
  const refused = (limit: string, cause?: unknown) =>
    new AlexNetError(
      'engine-failed',
      `parameters, gradients and what the optimizer keeps take ${((pages * PAGE) / 2 ** 30).toFixed(1)} GiB, ${limit}`,
      'Take a smaller network (`--width`), or `--engine onednn`.',
      { cause },
    )
  if (pages > MOST_PAGES) throw refused('this engine trains with at most 4')
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  } catch (error) {
    throw refused(`which cannot be had: ${messageOf(error)}`, error)
  }
}
