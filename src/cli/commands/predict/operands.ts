import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isPictureName } from '../../../data/node/pictures/picture-list.js'
import { AlexNetError } from '../../../errors.js'
import { runFiles } from '../../../runs/node/run-files.js'
import { zooNameOf } from '../../../runs/node/zoo-files.js'
import { ZOO } from '../../../runs/zoo-names.js'
import { commandName } from '../../command-name.js'
import { shellWord } from '../../shell-word.js'

/** What `alexnet predict` is asked. */
export interface Operands {
  /** Undefined: a network of the zoo is to answer. */
  readonly run: string | undefined
  /** Files and folders; there is at least one. */
  readonly pictures: readonly string[]
}

/**
 * Tells a run from pictures: the first operand may be either.
 * @throws AlexNetError `usage` where there are no pictures.
 */
export function operandsOf(first: string | undefined, others: readonly string[]): Operands {
  if (first === undefined)
    throw new AlexNetError(
      'usage',
      'there are no pictures to classify: none were given',
      `${commandName} predict photo.jpg`,
    )
  if (!isRun(first) && !(others.length > 0 && isFolder(first))) return { run: undefined, pictures: [first, ...others] }
  if (others.length > 0) return { run: first, pictures: others }
  if (!existsSync(first))
    throw new AlexNetError('missing-data', `there is neither a picture nor a run at ${first}`, 'Check the path.')
  const zoo = zooNameOf(first)
  const name = zoo ? `${ZOO}${zoo}` : first
  throw new AlexNetError(
    'usage',
    `${name} is a trained network, and no pictures were given`,
    `${commandName} predict ${shellWord(name)} photo.jpg`,
  )
}

/** A folder before others is the place of a run: whoever mistypes one is not to get the answer of another network. */
const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/** Whether an operand names a run. What is not there is one where its name is none of a picture's. */
function isRun(path: string): boolean {
  if (!existsSync(path)) return !isPictureName(basename(path))
  if (!statSync(path).isDirectory()) return /\.(safetensors|pth|pt|onnx)$/i.test(path)
  return [runFiles.recipe, runFiles.last].some((file) => existsSync(join(path, file)))
}
