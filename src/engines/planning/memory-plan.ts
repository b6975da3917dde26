/** A piece of memory that is needed for a part of the step: from step `first` to step `last`, both included. */
export interface Span {
  readonly bytes: number
  readonly first: number
  readonly last: number
}

export interface MemoryPlan {
  /** Where each span lies, in bytes from the start. */
  readonly offsets: readonly number[]
  /** What all of them need together. */
  readonly bytes: number
}

/** The alignment of memory: a cache line, which is also the width of the widest vectors. */
export const ALIGNMENT = 64

/**
 * Lays spans into one piece of memory so that no two that are needed at the same time overlap. The largest come first,
 * each at the lowest place that is free during its time.
 */
export function planMemory(spans: readonly Span[]): MemoryPlan {
  const offsets = new Array<number>(spans.length).fill(0)
  const placed: number[] = []
  let bytes = 0
  const bySize = spans.map((_, i) => i).sort((a, b) => spans[b].bytes - spans[a].bytes || a - b)
  for (const i of bySize) {
    const { first, last } = spans[i]
    const size = Math.ceil(spans[i].bytes / ALIGNMENT) * ALIGNMENT
    const inTheWay = placed
      .filter((j) => spans[j].first <= last && spans[j].last >= first)
      .sort((a, b) => offsets[a] - offsets[b])
    let offset = 0
    for (const j of inTheWay) {
      if (offset + size <= offsets[j]) break
      offset = Math.max(offset, offsets[j] + Math.ceil(spans[j].bytes / ALIGNMENT) * ALIGNMENT)
    }
    offsets[i] = offset
    placed.push(i)
    bytes = Math.max(bytes, offset + size)
  }
  return { offsets, bytes }
}

/**
 * When each piece of memory is needed: from the first step that touches it to the last. What is kept is needed all the
 * time.
 * @param touched The memory that each step reads or writes.
 */
export function spansOf<Memory extends { readonly bytes: number }>(
  touched: readonly (readonly Memory[])[],
  kept: (memory: Memory) => boolean,
): Map<Memory, Span> {
  const spans = new Map<Memory, Span>()
  touched.forEach((memories, time) => {
    for (const memory of memories) {
      const first = kept(memory) ? 0 : (spans.get(memory)?.first ?? time)
      spans.set(memory, { bytes: memory.bytes, first, last: kept(memory) ? touched.length : time })
    }
  })
  return spans
}
