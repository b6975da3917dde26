import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where data sets are kept unless told otherwise: `$ALEXNET_DATA_DIR`, else `$XDG_CACHE_HOME/alexnet`, else
 * `~/.cache/alexnet`; for a user without a home a folder among the temporary files. It need not exist yet.
 */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  // An empty variable counts as unset, as the XDG specification asks.
  if (environment.ALEXNET_DATA_DIR) return environment.ALEXNET_DATA_DIR
  const cache = environment.XDG_CACHE_HOME || homeCache()
  return cache === undefined ? join(tmpdir(), `alexnet-${process.getuid?.() ?? 'data'}`) : join(cache, 'alexnet')
}

/** Undefined where neither `$HOME` nor the system's list of users knows a home: in a container with any user's number. */
function homeCache(): string | undefined {
  try {
    return join(homedir(), '.cache')
  } catch {
    return undefined
  }
}
