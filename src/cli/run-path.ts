import { AlexNetError } from '../errors.js'
import { namedRun } from '../runs/node/last-run.js'
import { isOfZoo, namedZooFile, zooName } from '../runs/node/zoo-files.js'
import { ZOO } from '../runs/zoo-names.js'
import { detail } from './output.js'

/** Reads the name of a run: a path, `last`, or a network of the zoo, `zoo:cifar10`. */
export function runPath(text: string): string {
  const path = namedZooFile(namedRun(text))
  if (path !== text) detail(`run ${text} is ${path}`)
  return path
}

/** As `runPath`, where only a run's folder will do. */
export function runFolderPath(text: string): string {
  if (!isOfZoo(text)) return runPath(text)
  const name = `${ZOO}${zooName(text)}`
  throw new AlexNetError(
    'usage',
    `${name} is a trained network and no run: there is nothing to go on with or to follow`,
    `Begin a run with it: alexnet train ./pictures --weights ${name}`,
  )
}

/** As `runPath`, where the name is kept in a recipe: that of the zoo means the same on every machine. */
export function weightsPath(text: string): string {
  return isOfZoo(text) ? `${ZOO}${zooName(text)}` : runPath(text)
}
