import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'
import { alexnet } from './alexnet.js'
import { alexnet2012 } from './alexnet-2012.js'
import { alexnetCifar } from './alexnet-cifar.js'
import { cudaConvnet18pct, cudaConvnet19pct, cudaConvnet80sec } from './cuda-convnet.js'
import { layersOf, type Model } from './model.js'
import type { ModelOptions, ModelTask } from './options.js'

/** A network of the catalogue, and the pictures it was made for. */
interface Entry {
  readonly build: (task: ModelTask, options: ModelOptions) => Model
  readonly task: ModelTask
  readonly about: string
}

const imagenet: ModelTask = { inputShape: [3, 224, 224], classes: 1000 }
const cifar: ModelTask = { inputShape: [3, 32, 32], classes: 10 }

const entries: Readonly<Record<string, Entry>> = {
  alexnet: { build: alexnet, task: imagenet, about: 'AlexNet as one tower, as in torchvision' },
  'alexnet-2012': { build: alexnet2012, task: imagenet, about: "the paper's network: two towers, LRN" },
  'alexnet-cifar': { build: alexnetCifar, task: cifar, about: 'AlexNet for pictures of 32×32' },
  '80sec': { build: cudaConvnet80sec, task: cifar, about: "cuda-convnet's quickest CIFAR-10 network" },
  '19pct': { build: cudaConvnet19pct, task: cifar, about: "cuda-convnet's network of 19 % error" },
  '18pct': { build: cudaConvnet18pct, task: cifar, about: "cuda-convnet's network of 18 % error, with LRN" },
}

/** The names of all networks, with a line about each. */
export const modelCatalogue: readonly { readonly name: string; readonly about: string }[] = Object.entries(entries).map(
  ([name, { about }]) => ({ name, about }),
)

export const modelNames: readonly string[] = Object.keys(entries)

/**
 * Builds a network of the catalogue.
 *
 * @param name `alexnet`, `alexnet-2012`, `alexnet-cifar`, `80sec`, `19pct` or `18pct`.
 * @param task Pictures and classes; default: those that the network was made for.
 * @throws AlexNetError `unknown-name`, or `invalid-shape` when the pictures are too small for it.
 * @example createModel('alexnet', { inputShape: [3, 64, 64], classes: 10 }, { width: 0.5 })
 */
export function createModel(name: string, task: Partial<ModelTask> = {}, options: ModelOptions = {}): Model {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined
  if (!entry) throw new AlexNetError('unknown-name', `there is no model '${name}'`, didYouMean(name, modelNames))
  const model = entry.build({ ...entry.task, ...task }, options)
  layersOf(model) // A model that does not fit its pictures fails here.
  return model
}
