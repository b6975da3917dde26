import { Command } from 'commander'
import { zooName } from '../../../runs/node/zoo-files.js'
import { jsonOption } from '../../options.js'
import type { ZooFlags } from './run.js'

export function zooCommand(): Command {
  return new Command('zoo')
    .description(
      'Lists the trained networks that come with the package. With NETWORK it prints its card: what it knows, how it was\n' +
        'made and measured, and what it is bad at. Wherever a command takes a run, zoo:NAME is one of them.',
    )
    .argument('[network]', 'one of them', zooName)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet zoo
  alexnet zoo photographs
  alexnet predict photo.jpg                              one of them answers
  alexnet predict zoo:cifar10 photo.jpg
  alexnet train ./pictures --weights zoo:photographs     few pictures of your own: begin with it`,
    )
    .action(async (name: ReturnType<typeof zooName> | undefined, flags: ZooFlags) => {
      const { runZoo } = await import('./run.js')
      await runZoo(name, flags)
    })
}
