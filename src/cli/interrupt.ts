/**
 * Turns Ctrl-C (and the signal with which a system ends programs) into an AbortSignal, so that work can end in good
 * order. The second time the program ends at once.
 */
export function onInterrupt(announce: () => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130)
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
