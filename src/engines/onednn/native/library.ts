import type { LibraryHandle } from '#koffi'
import { AlexNetError, messageOf } from '../../../errors.js'
import { openLibrary } from './open-library.js'

/** The environment variable that names the library's file, where it lies at an unusual place. */
export const libraryVariable = 'ALEXNET_ONEDNN'

/**
 * Where the package managers put oneDNN 3.x and 2.x; a bare name is searched by the system's loader. Debian's newer
 * packages have the minor version in the name (`libdnnl.so.3.6`): `*` stands for it.
 */
const usualNames: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libdnnl.so.3', 'libdnnl.so.3.*', 'libdnnl.so.2', 'libdnnl.so'],
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
  const names = named ? [named] : (usualNames[process.platform] ?? [])
  const failures: string[] = []
  for (const file of names.flatMap((name) => (named ? name : withVersions(name))))
    try {
      return { file, library: openLibrary(file) }
    } catch (error) {
      failures.push(messageOf(error).split('\n')[0])
    }
  throw new AlexNetError(
    'engine-unavailable',
    named
      ? `oneDNN cannot be loaded from ${libraryVariable}=${named}: ${failures[0]}`
      : `oneDNN is not installed (looked for ${names.join(', ') || 'nothing: the system is unknown'})`,
    named ? `Set ${libraryVariable} to the path of libdnnl, or unset it to look in the usual places.` : installHint,
  )
}

const NEWEST_MINOR = 19

/** The names that a pattern stands for, the newest first. */
function withVersions(name: string): readonly string[] {
  if (!name.includes('*')) return [name]
  return Array.from({ length: NEWEST_MINOR + 1 }, (_, i) => name.replace('*', String(NEWEST_MINOR - i)))
}
