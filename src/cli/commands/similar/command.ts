import { Command } from 'commander'
import { addComputeOptions, jsonOption, runArgument } from '../../options.js'
import { integer } from '../../values.js'
import type { SimilarFlags } from './run.js'

export function similarCommand(): Command {
  const command = new Command('similar')
    .description(
      'Finds the pictures of a folder that a trained network takes for the most like IMAGE: those whose codes, the\n' +
        'activations of the last hidden layer, have the smallest Euclidean distance to its own.',
    )
    .addArgument(runArgument())
    .argument('<image>', 'a picture')
    .argument('<folder>', 'a folder of pictures, or a .npy file that `alexnet features` has made of them')
    .option('--top <count>', 'how many to print', integer(1), 10)
    .option('--layer <name>', 'compare what another layer gives, as `alexnet inspect RUN` names them')
    .option('--out <file>', 'draw them side by side, ending in .png, .jpg or .webp')
    .option('--force', 'write over a file that is there')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet similar runs/flowers-alexnet-1 rose.jpg ./flowers
  alexnet similar runs/flowers-alexnet-1 rose.jpg ./flowers --top 6 --out like-rose.png
  alexnet features runs/flowers-alexnet-1 ./flowers       once, for many questions:
  alexnet similar runs/flowers-alexnet-1 rose.jpg codes.npy`,
    )
  return addComputeOptions(command).action(async (run: string, image: string, folder: string, flags: SimilarFlags) => {
    const { runSimilar } = await import('./run.js')
    await runSimilar(run, image, folder, flags)
  })
}
