import { parseCifar10 } from '../../data/cifar10.js'
import type { DatasetParts } from '../../data/dataset.js'
import { shapes } from '../../data/shapes.js'
import type { WebData } from './messages.js'

/**
 * The pictures of a training in a tab.
 * @throws AlexNetError `corrupt-data` when a file is not of CIFAR-10's binary version.
 */
export function loadWebData(data: WebData, seed: number): DatasetParts {
  switch (data.kind) {
    case 'shapes':
      return shapes({ seed, train: data.train, test: data.test })
    case 'cifar10':
      return { train: parseCifar10(data.train, 'cifar10 train'), test: parseCifar10(data.test, 'cifar10 test') }
  }
}
