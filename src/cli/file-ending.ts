import { AlexNetError } from '../errors.js'

/**
 * The ending of a file that is to be written, one of those that can be.
 * @throws AlexNetError `usage` for any other.
 */
export function endingOf<Ending extends string>(file: string, endings: readonly Ending[], hint: string): Ending {
  const ending = endings.find((one) => file.toLowerCase().endsWith(`.${one}`))
  if (ending !== undefined) return ending
  const names = endings.map((one) => `.${one}`).join(' or ')
  throw new AlexNetError('usage', `--out ${file}: expected a name that ends in ${names}`, hint)
}

/** Endings of files that hold networks, here and elsewhere. */
const networkFile = /\.(onnx|safetensors|pth?|ckpt|tflite|pb|h5|keras|mlmodel|mlpackage|engine|bin)$/i

/**
 * Checks the name of a folder for a new run: a file's name is given by who expects a single file there.
 * @throws AlexNetError `usage`
 */
export function expectFolderName(folder: string | undefined): void {
  if (folder === undefined || !networkFile.test(folder)) return
  throw new AlexNetError(
    'usage',
    `--out ${folder}: expected the name of a folder, which a run becomes`,
    'alexnet export writes a trained network as .onnx or .safetensors.',
  )
}
