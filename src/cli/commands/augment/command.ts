import { Command } from 'commander'
import { jsonOption } from '../../options.js'
import { integer } from '../../values.js'
import type { AugmentFlags } from './run.js'

export function augmentCommand(): Command {
  return new Command('augment')
    .description(
      'Draws a contact sheet: a row for each kind of transform with several draws of it, and one for the whole chain of a\n' +
        'recipe. Kinds that the recipe names are drawn with its settings.',
    )
    .argument('<image>', 'a picture')
    .requiredOption('--out <file>', 'the sheet: .png, .jpg or .webp')
    .option('--recipe <name>', 'a recipe, or the path of one', 'pictures')
    .option('--mix-with <image>', 'another picture: rows of what mixup and CutMix make of both')
    .option('--seed <number>', 'the seed of the draws', integer(0), 1)
    .option('--count <count>', 'draws in a row', integer(1), 6)
    .option('--force', 'replace the file if it is there')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet augment cat.jpg --out sheet.png
  alexnet augment cat.jpg --out sheet.png --recipe runs/flowers-alexnet-1/recipe.yaml --count 8
  alexnet augment cat.jpg --mix-with dog.jpg --out sheet.png`,
    )
    .action(async (image: string, flags: AugmentFlags) => {
      const { runAugment } = await import('./run.js')
      await runAugment(image, flags)
    })
}
