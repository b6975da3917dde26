import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Frees the memory of what this thread holds no more. Node would do so only when the thread makes many objects again, and
 * one that waits for requests makes none: a disposed program's arrays, of gigabytes perhaps, would stay.
 */
export function collectGarbage(): void {
  if (globalThis.gc) return void globalThis.gc()
  try {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    setFlagsFromString('--no-expose-gc')
    collect()
  } catch {
    // Other runtimes have no such switch, and collect when they like.
  }
}
