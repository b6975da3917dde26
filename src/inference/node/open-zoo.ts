import { zooFile } from '../../runs/node/zoo-files.js'
import type { ZooName } from '../../runs/zoo-names.js'
import { type ClassifierOptions, type FileClassifier, openClassifier } from './open-classifier.js'

/**
 * Opens a trained network that comes with the package. It knows ten things and no others: of a picture that shows something
 * else it names one of the ten, sometimes with confidence. `readZooCard` tells what it knows.
 *
 * @throws AlexNetError `unknown-name` for a name that there is not; as `selectEngine` does.
 * @example
 * await using net = await openZoo('cifar10')
 * const [{ top: [best] }] = await net.predict('cat.jpg') // { label: 'cat', probability: … }
 */
export function openZoo(name: ZooName, options: ClassifierOptions = {}): Promise<FileClassifier> {
  return openClassifier(zooFile(name), options)
}
