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

/**
 * Does work that Ctrl-C may stop: it is given the signal, and gives up with the signal's error. The program then ends
 * with 130.
 *
 * @param announce Says what happens now that it has been interrupted.
 * @param stopped What is to be done when the work has given up.
 */
export async function interruptible(
  announce: () => void,
  work: (signal: AbortSignal) => Promise<void>,
  stopped?: () => void,
): Promise<void> {
  const interrupt = onInterrupt(announce)
  try {
    await work(interrupt.signal)
  } catch (error) {
    if (!interrupt.signal.aborted || !(error instanceof Error && error.name === 'AbortError')) throw error
    process.exitCode = 130
    stopped?.()
  } finally {
    interrupt.dispose()
  }
}
