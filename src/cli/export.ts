import { Command, Option } from 'commander'
import { jsonOption } from './options.js'

interface ExportFlags {
  readonly format?: 'onnx' | 'safetensors'
  readonly out?: string
  readonly force?: true
  readonly probabilities?: true
  readonly preprocess?: true | 'uint8' | 'float32'
  readonly json?: true
}

export function exportCommand(): Command {
  return new Command('export')
    .summary('write a trained network for other programs')
    .description(
      'Writes a trained network as ONNX (input images (N, 3, H, W), output logits (N, classes), any N) or as safetensors\n' +
        'that PyTorch loads with load_state_dict. Classes and normalisation lie in the metadata.',
    )
    .argument('<run>', 'the folder of a run, or a .safetensors file')
    .addOption(
      new Option('--format <name>', 'what to write (default: as --out ends, else onnx)').choices([
        'onnx',
        'safetensors',
      ]),
    )
    .option('--out <file>', "the new file (default: the run's name, in this folder)")
    .option('--force', 'replace a file that is there')
    .optionsGroup('ONNX:')
    .option('--probabilities', 'a second output, the probabilities')
    .addOption(
      new Option(
        '--preprocess [type]',
        'normalise inside the graph: its input is pixels, 0–255, as uint8 (default) or float32',
      ).choices(['uint8', 'float32']),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  alexnet export runs/cifar10-80sec-1 --out cifar10.onnx
  alexnet export runs/cifar10-80sec-1 --preprocess --probabilities
  alexnet export runs/torchvision --format safetensors`,
    )
    .action(async (run: string, flags: ExportFlags) => {
      const [{ exportRun }, { large }, { AlexNetError }] = await Promise.all([
        import('../exchange/node/export-run.js'),
        import('./format.js'),
        import('../errors.js'),
      ])
      const { out, force, probabilities } = flags
      const format = flags.format ?? (out?.endsWith('.safetensors') ? 'safetensors' : 'onnx')
      const preprocess = flags.preprocess === true ? 'uint8' : flags.preprocess
      if (format !== 'onnx' && (preprocess || probabilities))
        throw new AlexNetError('usage', `${preprocess ? '--preprocess' : '--probabilities'} goes with ONNX only`)
      const { file, bytes } = await exportRun({ run, format, out, force, probabilities, preprocess })
      process.stdout.write(
        flags.json ? `${JSON.stringify({ file, format, bytes })}\n` : `Written: ${file}, ${large(bytes)}B\n`,
      )
    })
}
