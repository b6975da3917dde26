import { Command } from 'commander'
import { allowedHostsOption } from '../../options.js'
import { runFolderPath } from '../../run-path.js'
import { port } from '../../values.js'
import type { UiFlags } from './run.js'

export function uiCommand(): Command {
  return new Command('ui')
    .description(
      'Serves the page that shows runs: curves as they grow, filters, mistakes. It follows runs that are being trained.\n' +
        'Only this machine can reach it, unless --host says otherwise.',
    )
    .argument('[runs...]', 'folders of runs, or that hold runs (default: runs)', (text, before?: string[]) => [
      ...(before ?? []),
      runFolderPath(text),
    ])
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--port <number>', 'the port; 0: any that is free', port, 8090)
    .addOption(allowedHostsOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet ui
  alexnet ui runs/cifar10-80sec-1 /mnt/more-runs --port 0`,
    )
    .action(async (runs: string[], flags: UiFlags) => {
      const { runUi } = await import('./run.js')
      await runUi(runs, flags)
    })
}
