import { Command } from 'commander'
import { addComputeOptions, jsonOption, runArgument } from '../../options.js'
import type { FeaturesFlags } from './run.js'

export function featuresCommand(): Command {
  const command = new Command('features')
    .description(
      'Writes the codes of pictures, the activations of the last hidden layer (4,096 values in AlexNet), for other\n' +
        'programs: as an array of NumPy with the names of the files beside it (codes.files.json), or as CSV.\n' +
        'PATH is a picture, or a folder whose pictures are all taken. What cannot be read is listed and left out.',
    )
    .addArgument(runArgument())
    .argument('<path...>', 'pictures, or folders of pictures')
    .option('--layer <name>', 'another layer, as `alexnet inspect RUN` names them')
    .option('--out <file>', 'the file to write, ending in .npy or .csv', 'codes.npy')
    .option('--force', 'write over files that are there')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet features runs/flowers-alexnet-1 ./flowers
  alexnet features runs/flowers-alexnet-1 rose.jpg tulip.jpg --out codes.csv
  alexnet features runs/flowers-alexnet-1 ./flowers --layer features.12 --out maps.npy
  python3 -c "import numpy; print(numpy.load('codes.npy').shape)"`,
    )
  return addComputeOptions(command).action(async (run: string, paths: string[], flags: FeaturesFlags) => {
    const { runFeatures } = await import('./run.js')
    await runFeatures(run, paths, flags)
  })
}
