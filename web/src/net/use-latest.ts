import { useEffect, useState } from 'preact/hooks'

/** What has been computed last, and whether something newer is on its way. */
export interface Latest<Value> {
  readonly value: Value | null
  readonly busy: boolean
  readonly problem: unknown
}

/**
 * Computes something anew whenever `dependencies` change. One computation runs at a time; what changed meanwhile is
 * computed afterwards, once: a camera gives pictures faster than a large net answers.
 */
export function useLatest<Value>(
  dependencies: readonly unknown[],
  compute: (() => Promise<Value>) | undefined,
): Latest<Value> {
  const [latest, setLatest] = useState<Latest<Value>>({ value: null, busy: false, problem: null })
  const [queue] = useState(() => ({
    running: false,
    next: undefined as (() => Promise<Value>) | undefined,
    ended: false,
  }))
  useEffect(() => {
    queue.ended = false
    return () => {
      queue.ended = true
    }
  }, [])
  useEffect(() => {
    queue.next = compute
    if (!compute) setLatest({ value: null, busy: false, problem: null })
    if (queue.running || !compute) return
    const work = async () => {
      queue.running = true
      while (queue.next && !queue.ended) {
        const job = queue.next
        queue.next = undefined
        setLatest((before) => ({ ...before, busy: true, problem: null }))
        try {
          const value = await job()
          if (!queue.ended) setLatest({ value, busy: queue.next !== undefined, problem: null })
        } catch (problem) {
          if (!queue.ended) setLatest((before) => ({ ...before, busy: false, problem }))
        }
      }
      queue.running = false
    }
    void work()
  }, dependencies)
  return latest
}
