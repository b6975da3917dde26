import { Command, InvalidArgumentError, Option } from 'commander'
import { integer, jsonOption } from './options.js'

interface ImportFlags {
  readonly out?: string
  readonly labels?: string
  readonly imageSize?: number
  readonly channels?: 'rgb' | 'bgr'
  readonly mean?: readonly number[]
  readonly deviation?: readonly number[]
  readonly json?: true
}

export function importCommand(): Command {
  return new Command('import')
    .summary("make a run of another program's weights")
    .description(
      'Reads the weights of an AlexNet from a PyTorch file (.pth, .pt), safetensors or ONNX and makes a run of them.\n' +
        'Nothing in a file can run code. Which network it is, is told by names and shapes.',
    )
    .argument('<file>', 'a PyTorch, safetensors or ONNX file')
    .option('--out <dir>', 'a new folder for the run (default: the next of runs/)')
    .option('--labels <file>', "the classes' names: one a line, a JSON list, or ImageNet's class index")
    .option('--image-size <pixels>', "side of the network's pictures, where the file does not tell it", integer(1))
    .addOption(
      new Option('--channels <order>', 'what the weights were trained on (default: bgr under Caffe’s names)').choices([
        'rgb',
        'bgr',
      ]),
    )
    .option('--mean <r,g,b>', 'mean of each channel, 0–255', three(false))
    .option('--deviation <r,g,b>', 'deviation of each channel, 0–255; with --mean', three(true))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet import alexnet-owt-7be5be79.pth --labels imagenet_class_index.json --out runs/torchvision
  alexnet import bvlc_alexnet.safetensors --labels synsets.txt
  alexnet import alexnet.onnx`,
    )
    .action(async (file: string, flags: ImportFlags) => {
      const [{ importRun }, { summarise }, { count }, { commandName }, { AlexNetError }] = await Promise.all([
        import('../exchange/node/import-run.js'),
        import('../models/summary.js'),
        import('./format.js'),
        import('./command-name.js'),
        import('../errors.js'),
      ])
      const { imageSize, json, ...rest } = flags
      if (rest.deviation && !rest.mean) throw new AlexNetError('usage', '--deviation needs --mean')
      const { run, checkpoint, notes } = await importRun({ file, side: imageSize, ...rest })
      const { model, classes, preprocessing } = checkpoint
      const { parameters } = summarise(model)
      if (json) {
        process.stdout.write(
          `${JSON.stringify({ run, model: model.name, parameters, classes: classes.length, notes })}\n`,
        )
        return
      }
      for (const note of notes) process.stdout.write(`note   ${note}\n`)
      process.stdout.write(
        `model  ${model.name}: ${count(parameters)} parameters, ${count(classes.length)} classes\n` +
          `input  pictures resized to ${preprocessing.size}, ${model.inputShape.slice(1).join('×')} of them seen\n` +
          `Saved in ${run}. Try it: ${commandName} predict ${run} picture.jpg\n`,
      )
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
