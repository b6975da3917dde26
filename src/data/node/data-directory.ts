import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where data sets are kept unless told otherwise: `$ALEXNET_DATA_DIR`, else `$XDG_CACHE_HOME/alexnet`, else
 * `~/.cache/alexnet`. It need not exist yet.
 */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  // An empty variable counts as unset, as the XDG specification asks.
  if (environment.ALEXNET_DATA_DIR) return environment.ALEXNET_DATA_DIR
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'alexnet')
}
