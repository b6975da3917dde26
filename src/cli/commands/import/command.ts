import { Command, InvalidArgumentError } from 'commander'
import { channelOrders } from '../../../exchange/foreign-network.js'
import { choiceOption, jsonOption } from '../../options.js'
import { integer } from '../../values.js'
import type { ImportFlags } from './run.js'

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Reads the weights of an AlexNet from a PyTorch file (.pth, .pt), safetensors or ONNX and makes a run of them.\n' +
        'Nothing in a file can run code. Which network it is, is told by names and shapes.',
    )
    .argument(
      '<file>',
      'a PyTorch, safetensors or ONNX file; torchvision: its AlexNet, downloaded (244 MB); or zoo:NAME',
    )
    .option('--out <dir>', 'a new folder for the run (default: the next of runs/)')
    .option('--labels <file>', "the classes' names: one a line, a JSON list, or ImageNet's class index")
    .option('--image-size <pixels>', "side of the network's pictures, where the file does not tell it", integer(1))
    .addOption(
      choiceOption(
        '--channels <order>',
        'what the weights were trained on (default: bgr under Caffe’s names)',
        channelOrders,
      ),
    )
    .option('--mean <r,g,b>', 'mean of each channel, 0–255', three(false))
    .option('--deviation <r,g,b>', 'deviation of each channel, 0–255; with --mean', three(true))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet import torchvision
  alexnet import alexnet-owt-7be5be79.pth --labels imagenet_class_index.json --out runs/torchvision
  alexnet import bvlc_alexnet.safetensors --labels synsets.txt
  alexnet import alexnet.onnx`,
    )
    .action(async (file: string, flags: ImportFlags) => {
      const { runImport } = await import('./run.js')
      await runImport(file, flags)
    })
}

/** Reads three numbers parted by commas. */
function three(positive: boolean): (text: string) => readonly number[] {
  return (text) => {
    const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
    if (values.length !== 3 || !values.every((value) => Number.isFinite(value) && (!positive || value > 0)))
      throw new InvalidArgumentError(`Expected three numbers${positive ? ' above 0' : ''}, such as 123.7,116.3,103.5.`)
    return values
  }
}
