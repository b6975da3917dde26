import { readFile } from 'node:fs/promises'
import { checkWritten } from '../../settings/check.js'
import { type ZooCard, zooCardSchema } from '../zoo-card.js'
import type { ZooName } from '../zoo-names.js'
import { zooCardFile } from './zoo-files.js'

/**
 * What a network of the zoo is, how it was made, what it knows and what it does not.
 * @throws AlexNetError `unknown-name`
 * @example const { classes, accuracy } = await readZooCard('cifar10')
 */
export async function readZooCard(name: ZooName): Promise<ZooCard> {
  const file = zooCardFile(name)
  return checkWritten(zooCardSchema, JSON.parse(await readFile(file, 'utf8')), `${file} is damaged`)
}
