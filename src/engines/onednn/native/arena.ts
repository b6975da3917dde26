import koffi from '#koffi'

/** Memory pages of 2 MiB: with them the processor finds its way through gigabytes far more quickly. */
const HUGE_PAGE = 2 * 1024 * 1024
const MADV_HUGEPAGE = 14

/**
 * One piece of memory, which JavaScript owns and native code works in. It starts as zeros, and lives as long as this
 * object.
 */
export class Arena {
  /** Where native code finds it. */
  readonly address: bigint
  private readonly memory: ArrayBuffer
  private readonly start: number

  constructor(bytes: number) {
    this.memory = new ArrayBuffer(bytes + HUGE_PAGE)
    const address = koffi.address(this.memory)
    this.start = Number((BigInt(HUGE_PAGE) - (address % BigInt(HUGE_PAGE))) % BigInt(HUGE_PAGE))
    this.address = address + BigInt(this.start)
    adviseHugePages(this.address, bytes)
  }

  /** A part of it as JavaScript sees it. */
  view(offset: number, bytes: number): { buffer: ArrayBuffer; byteOffset: number; byteLength: number } {
    return { buffer: this.memory, byteOffset: this.start + offset, byteLength: bytes }
  }
}

let madvise: ((address: bigint, bytes: number, advice: number) => number) | undefined

/** Asks Linux for large pages; elsewhere, and where it refuses, memory is merely slower. */
function adviseHugePages(address: bigint, bytes: number): void {
  if (process.platform !== 'linux' || bytes < HUGE_PAGE) return
  madvise ??= koffi.load(null).func('madvise', 'int', ['uintptr_t', 'size_t', 'int'])
  madvise(address, bytes, MADV_HUGEPAGE)
}
