import { Command } from 'commander'
import { modelOptionsSchema } from '../../../models/options.js'
import { bySchema } from '../../by-schema.js'
import { jsonOption } from '../../options.js'
import { runPath } from '../../run-path.js'
import { integer } from '../../values.js'
import type { InspectFlags } from './run.js'

export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'Prints every layer of a network with its output shape, parameters and multiply-adds.\nWithout MODEL it lists the networks.',
    )
    .argument(
      '[model]',
      'a network, the folder of a run, `last` (the newest in runs/), a .safetensors file, or zoo:NAME',
      runPath,
    )
    .option('--classes <count>', 'number of classes', integer(1))
    .option('--image-size <pixels>', 'side of the pictures', integer(1))
    .option('--width <factor>', 'filters and hidden units times this', bySchema(modelOptionsSchema, 'width'))
    .option('--program', 'print the training program: forward, gradients and update')
    .option('--batch-size <count>', 'batch size of the training program', integer(1), 128)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet inspect
  alexnet inspect alexnet-2012
  alexnet inspect alexnet --image-size 64 --classes 10 --json
  alexnet inspect 80sec --program | less`,
    )
    .action(async (name: string | undefined, flags: InspectFlags) => {
      const { runInspect } = await import('./run.js')
      await runInspect(name, flags)
    })
}
