import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AlexNetError } from '../../errors.js'
import { didYouMean } from '../../suggest.js'
import { ZOO, type ZooName, zooNames } from '../zoo-names.js'

const directory = fileURLToPath(new URL('../../../zoo', import.meta.url))

/** The network of the zoo that a person names: `cifar10` or `zoo:cifar10`. @throws AlexNetError `unknown-name` */
export function zooName(text: string): ZooName {
  const name = text.startsWith(ZOO) ? text.slice(ZOO.length) : text
  const known = zooNames.find((one) => one === name)
  if (known) return known
  throw new AlexNetError('unknown-name', `there is no network '${name}' in the zoo`, didYouMean(name, zooNames))
}

/**
 * The checkpoint of a network of the zoo, for all that takes a run.
 * @throws AlexNetError `unknown-name`
 * @example const net = await readCheckpoint(zooFile('photographs'))
 */
export function zooFile(name: ZooName): string {
  return join(directory, `${zooName(name)}.safetensors`)
}

/** Where its card lies. */
export function zooCardFile(name: ZooName): string {
  return join(directory, `${zooName(name)}.json`)
}

/** True for `zoo:NAME`, unless there is a file of that name. */
export function isOfZoo(path: string): boolean {
  return path.startsWith(ZOO) && !existsSync(path)
}

/** The file that `zoo:NAME` stands for; any other path as it is. @throws AlexNetError `unknown-name` */
export function namedZooFile(path: string): string {
  return isOfZoo(path) ? zooFile(zooName(path)) : path
}

/** The name of the network of the zoo that a file is; undefined for any other file. */
export function zooNameOf(file: string): ZooName | undefined {
  return zooNames.find((name) => zooFile(name) === file)
}
