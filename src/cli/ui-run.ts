import { statSync } from 'node:fs'
import pc from 'picocolors'
import { AlexNetError } from '../errors.js'
import { isLoopback } from '../server/loopback.js'
import { serveUi } from '../server/ui-server.js'
import { onInterrupt } from './interrupt.js'
import type { UiFlags } from './ui.js'

/** `alexnet ui`: until it is interrupted. */
export async function runUiCommand(runs: readonly string[], { host, port }: UiFlags): Promise<void> {
  for (const run of runs)
    if (!statSync(run, { throwIfNoEntry: false })?.isDirectory())
      throw new AlexNetError('missing-data', `there is no folder ${run}`, 'Give the folder of a run, or one of runs.')
  const server = await serveUi({ runs: runs.length > 0 ? runs : ['runs'], host, port })
  if (!isLoopback(host))
    process.stdout.write(pc.yellow('warning: other machines can reach this page, and see all of these runs\n'))
  process.stdout.write(`Page at ${server.url}\n`)
  await new Promise<void>((resolve) => {
    onInterrupt(resolve)
    // `alexnet train --ui` ends its page by closing this channel, also when it ends without a word.
    process.on('disconnect', resolve)
  })
  await server.close()
}
