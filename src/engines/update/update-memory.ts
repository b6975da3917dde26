import { AlexNetError } from '../../errors.js'
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
  private readonly regions: readonly Region[]

  /**
   * @param sizes How many values each region has.
   * @param shared Whether several threads shall see it.
   * @throws AlexNetError `engine-failed` when that is more than WebAssembly addresses.
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
    if (this.pages > MOST_PAGES)
      throw new AlexNetError(
        'engine-failed',
        `onnx: parameters, gradients and what the optimizer keeps take ${Math.ceil(bytes / 2 ** 30)} GiB, this engine trains with at most 4`,
        'Take a smaller network (`--width`), or `--engine onednn`.',
      )
    this.memory = new WebAssembly.Memory({ initial: this.pages, maximum: this.pages, shared })
    this.regions = sizes.map((size, i) => ({
      address: addresses[i],
      values: new Float32Array(this.memory.buffer, addresses[i], size),
    }))
  }

  region(index: number): Region {
    return this.regions[index]
  }
}
