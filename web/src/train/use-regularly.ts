import { useEffect } from 'preact/hooks'
import { state } from './session.ts'

/**
 * Does something now, and again every `milliseconds` as long as the training runs; never twice at a time. A training that
 * ends meanwhile is no error.
 */
export function useRegularly(
  milliseconds: number,
  dependencies: readonly unknown[],
  action: () => Promise<void>,
): void {
  useEffect(() => {
    let ended = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const round = async () => {
      await action().catch(() => undefined)
      if (!ended && state.value === 'running') timer = setTimeout(round, milliseconds)
    }
    round()
    return () => {
      ended = true
      clearTimeout(timer)
    }
  }, dependencies)
}
