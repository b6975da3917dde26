import { Command } from 'commander'
import { exportFormats, pixelTypes } from '../../../exchange/export-formats.js'
import { choiceOption, jsonOption, runArgument } from '../../options.js'
import type { ExportFlags } from './run.js'

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Writes a trained network as ONNX (input images (N, 3, H, W), output logits (N, classes), any N) or as safetensors\n' +
        'that PyTorch loads with load_state_dict. Classes and normalisation lie in the metadata.\n' +
        'csv and tensorboard write how it has learnt: a line for each epoch, or event files.',
    )
    .addArgument(runArgument())
    .addOption(
      choiceOption('--format <name>', 'what to write (default: as --out ends, else onnx)', [
        ...exportFormats,
        'csv',
        'tensorboard',
      ]),
    )
    .option(
      '--out <file>',
      "the new file (default: the run's name, in this folder); TensorBoard's folder (default: the run's)",
    )
    .option('--force', 'replace a file that is there')
    .addOption(jsonOption())
    .optionsGroup('ONNX:')
    .option('--probabilities', 'a second output, the probabilities')
    .addOption(
      choiceOption(
        '--preprocess [type]',
        'normalise inside the graph: its input is pixels, 0–255, as uint8 (default) or float32',
        pixelTypes,
      ),
    )
    .addHelpText(
      'after',
      `
Examples:
  alexnet export runs/cifar10-80sec-1 --out cifar10.onnx
  alexnet export runs/cifar10-80sec-1 --preprocess --probabilities
  alexnet export runs/torchvision --format safetensors
  alexnet export runs/cifar10-80sec-1 --out curves.csv
  alexnet export runs/cifar10-80sec-1 --format tensorboard`,
    )
    .action(async (run: string, flags: ExportFlags) => {
      const { runExport } = await import('./run.js')
      await runExport(run, flags)
    })
}
