import { readImage } from '../../data/node/read-image.js'
import type { ZooName } from '../../runs/zoo-names.js'

/** Pictures up to this side show as much as those of CIFAR-10. */
const SMALL = 64

/** The network of the zoo that is made for pictures like these: the first that can be read decides. */
export async function zooFor(files: readonly string[]): Promise<ZooName> {
  for (const file of files) {
    const image = await readImage(file).catch(() => undefined)
    if (image) return Math.max(...image.shape.slice(1)) <= SMALL ? 'cifar10' : 'photographs'
  }
  return 'photographs'
}
