import { statSync } from 'node:fs'
import { AlexNetError } from '../../../errors.js'
import { isLoopback } from '../../../server/loopback.js'
import { serveUi } from '../../../server/ui-server.js'
import { onInterrupt } from '../../interrupt.js'
import { remark, result } from '../../output.js'
import { warning } from '../../warning.js'

export interface UiFlags {
  readonly host: string
  readonly port: number
  readonly allowedHosts?: readonly string[]
}

/** `alexnet ui`: until it is interrupted. */
export async function runUi(runs: readonly string[], { host, port, allowedHosts }: UiFlags): Promise<void> {
  for (const run of runs)
    if (!statSync(run, { throwIfNoEntry: false })?.isDirectory())
      throw new AlexNetError('missing-data', `there is no folder ${run}`, 'Give the folder of a run, or one of runs.')
  const server = await serveUi({ runs: runs.length > 0 ? runs : ['runs'], host, port, allowedHosts })
  if (!isLoopback(host)) remark(warning('other machines can reach this page, and see all of these runs'))
  result(`Page at ${server.url}`)
  await ended()
  await server.close()
}

/**
 * Until Ctrl-C; or, beside a training that shows itself with `--ui`, as long as that goes on: what a terminal sends to both
 * is the training's affair.
 */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) {
      process.on('disconnect', resolve)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
    } else onInterrupt(resolve)
  })
}
