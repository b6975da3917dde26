import koffi, { type LibraryHandle } from 'koffi'
import { AlexNetError, messageOf } from '../../../errors.js'

/** The environment variable that names the library's file, where it lies at an unusual place. */
export const libraryVariable = 'ALEXNET_ONEDNN'

/** Where the package managers put oneDNN 3.x and 2.x; a bare name is searched by the system's loader. */
const usualNames: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libdnnl.so.3', 'libdnnl.so.2', 'libdnnl.so'],
  darwin: ['libdnnl.3.dylib', 'libdnnl.dylib', '/opt/homebrew/lib/libdnnl.dylib', '/usr/local/lib/libdnnl.dylib'],
  win32: ['dnnl.dll'],
}

/** How to install the library on this system, for messages. */
export const installHint =
  process.platform === 'linux'
    ? `Install it: apt install libdnnl3.6 (Debian 13), apt install libdnnl2 (Debian 12, Ubuntu 22.04), dnf install onednn; or conda install -c conda-forge onednn, and set ${libraryVariable} to the path of its libdnnl.so.`
    : process.platform === 'darwin'
      ? `Install it: brew install onednn; or set ${libraryVariable} to the path of libdnnl.dylib.`
      : `Install it: conda install -c conda-forge onednn, and set ${libraryVariable} to the path of its dnnl.dll.`

/**
 * How often a thread of GNU OpenMP looks for work before it sleeps, some microseconds. Its default is
 * milliseconds: where another program wants the processor too, threads then burn the time that their own siblings need,
 * and a step takes many times as long. Whoever sets OMP_WAIT_POLICY or GOMP_SPINCOUNT decides for himself.
 */
const SPIN_COUNT = '1000'

export interface FoundLibrary {
  /** The name or path under which it was found. */
  readonly file: string
  readonly library: LibraryHandle
}

/**
 * Loads oneDNN: the file that the environment variable names, or else the first of its usual names that the system finds.
 * @throws AlexNetError `engine-unavailable`
 */
export function findLibrary(): FoundLibrary {
  const named = process.env[libraryVariable]
  const candidates = named ? [named] : (usualNames[process.platform] ?? [])
  const failures: string[] = []
  for (const file of candidates)
    try {
      return { file, library: loadPatiently(file) }
    } catch (error) {
      failures.push(messageOf(error).split('\n')[0])
    }
  throw new AlexNetError(
    'engine-unavailable',
    named
      ? `oneDNN cannot be loaded from ${libraryVariable}=${named}: ${failures[0]}`
      : `oneDNN is not installed (looked for ${candidates.join(', ') || 'nothing: the system is unknown'})`,
    named ? `Set ${libraryVariable} to the path of libdnnl, or unset it to look in the usual places.` : installHint,
  )
}

/** Loads the library with the setting above, which OpenMP reads once, while it is loaded; other programs do not see it. */
function loadPatiently(file: string): LibraryHandle {
  const isDecided = process.env.OMP_WAIT_POLICY !== undefined || process.env.GOMP_SPINCOUNT !== undefined
  if (process.platform !== 'linux' || isDecided) return koffi.load(file)
  // The environment of the process: `process.env` of a worker thread is a copy.
  const system = koffi.load(null)
  system.func('setenv', 'int', ['str', 'str', 'int'])('GOMP_SPINCOUNT', SPIN_COUNT, 1)
  try {
    return koffi.load(file)
  } finally {
    system.func('unsetenv', 'int', ['str'])('GOMP_SPINCOUNT')
  }
}
