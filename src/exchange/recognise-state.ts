import { AlexNetError } from '../errors.js'
import { quoted } from '../formats/quoted.js'
import { definitionOf } from '../models/layers/index.js'
import { layersOf, type Model, tensorsOf } from '../models/model.js'
import { formatShape, type Shape, sameShape, type Tensors } from '../tensor.js'
import { caffeNetwork, isCaffe } from './caffe.js'
import { type Candidate, candidates, withWidths } from './candidates.js'
import type { ForeignNetwork } from './foreign-network.js'

/**
 * Tells by names and shapes which network a state_dict belongs to: one of the catalogue, of any width and number of
 * classes, under torchvision's names, or Caffe's.
 *
 * @param side The side of the network's pictures; default: that which the network was made for.
 * @throws AlexNetError `incompatible-state` that names the first tensor that does not fit.
 */
export function recogniseState(state: Tensors, side?: number): ForeignNetwork {
  if (isCaffe(state)) return caffeNetwork(state, side)
  const names = new Set(Object.keys(state))
  const task = side === undefined ? {} : { inputShape: [3, side, side] }
  const named = candidates({ ...task, classes: 1 }).filter(({ model }) => hasNames(model, names))
  let first: AlexNetError | undefined
  for (const candidate of named) {
    const fitted = fitToWidths(candidate, state)
    if (!(fitted instanceof AlexNetError)) return { model: fitted, state }
    first ??= fitted
  }
  throw first ?? unknownNames(names)
}

function hasNames(model: Model, names: ReadonlySet<string>): boolean {
  const own = tensorNames(model)
  return own.length === names.size && own.every((name) => names.has(name))
}

/** The names of parameters and statistics, which do not depend on widths or on the size of pictures. */
function tensorNames(model: Model): string[] {
  return tensorsOf(model).map(({ name }) => name)
}

/** The candidate with the file's widths, or what does not fit. */
function fitToWidths({ model }: Candidate, state: Tensors): Model | AlexNetError {
  const widths = layersOf(model)
    .filter(({ layer }) => definitionOf(layer).units)
    .map(({ name }) => state[`${name}.weight`].shape[0] ?? 0)
  if (!widths.every((width) => width > 0))
    return new AlexNetError('incompatible-state', 'the file holds a layer of no filters')
  const fitted = withWidths(model, widths)
  let expected: readonly { readonly name: string; readonly shape: Shape }[]
  try {
    expected = tensorsOf(fitted)
  } catch (error) {
    if (error instanceof AlexNetError) return error // Numbers of filters that no network can have.
    throw error
  }
  for (const { name, shape } of expected)
    if (!sameShape(state[name].shape, shape)) {
      const isHead = name === firstLinear(fitted)
      return new AlexNetError(
        'incompatible-state',
        `${name} is ${formatShape(state[name].shape)}, expected ${formatShape(shape)} for ${model.name} on pictures of ${formatShape(model.inputShape)}`,
        isHead ? 'If it was trained on pictures of another size, give their side: --image-size.' : undefined,
      )
    }
  return fitted
}

function firstLinear({ classifier }: Model): string {
  return `classifier.${classifier.findIndex(({ kind }) => kind === 'linear')}.weight`
}

function unknownNames(names: ReadonlySet<string>): AlexNetError {
  const some = [...names].slice(0, 3).map((name) => quoted(name))
  const list = some.length === 0 ? 'none' : `${some.join(', ')}${names.size > 3 ? ` and ${names.size - 3} more` : ''}`
  return new AlexNetError(
    'incompatible-state',
    `the file's ${names.size} tensors are those of no network known here: ${list}`,
    'Known are AlexNets under the names of torchvision (features.0.weight …), of Caffe (conv1.weight … fc8.bias), and of `alexnet inspect`.',
  )
}
