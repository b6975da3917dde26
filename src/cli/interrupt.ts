/**
 * Turns Ctrl-C (and the signal with which a system ends programs) into an AbortSignal, so that work can end in good
 * order. The second time the program ends at once: but not within a second, since npx hands on a Ctrl-C that the
 * terminal has sent to the program itself already.
 */
export function onInterrupt(announce: () => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  let first = 0
  const interrupt = () => {
    if (controller.signal.aborted) {
      if (performance.now() - first > 1000) process.exit(130)
      return
    }
    first = performance.now()
    controller.abort()
    announce()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
    },
  }
}
