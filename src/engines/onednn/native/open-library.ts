import koffi, { type LibraryHandle } from '#koffi'
import { keepLoaded } from '../../thread/keep-loaded.js'

/**
 * How often a thread of GNU OpenMP looks for work before it sleeps: some microseconds. Its default is milliseconds, and
 * where another program wants the processor too, threads then burn the time that their own siblings need: a step takes
 * many times as long. Whoever sets OMP_WAIT_POLICY or GOMP_SPINCOUNT decides for himself.
 */
const SPIN_COUNT = '1000'

/** Opens a library that computes with OpenMP, whose pool of threads lives as long as the process. */
export function openLibrary(file: string): LibraryHandle {
  const library = withPatience(() => koffi.load(file))
  keepLoaded(file)
  return library
}

/** OpenMP reads the setting above once, while it is loaded; programs that are started later do not see it. */
function withPatience<T>(load: () => T): T {
  const isDecided = process.env.OMP_WAIT_POLICY !== undefined || process.env.GOMP_SPINCOUNT !== undefined
  if (process.platform !== 'linux' || isDecided) return load()
  // The environment of the process itself: `process.env` of a worker thread is a copy.
  const system = koffi.load(null)
  system.func('setenv', 'int', ['str', 'str', 'int'])('GOMP_SPINCOUNT', SPIN_COUNT, 1)
  try {
    return load()
  } finally {
    system.func('unsetenv', 'int', ['str'])('GOMP_SPINCOUNT')
  }
}
