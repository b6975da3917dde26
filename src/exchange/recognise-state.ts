import { AlexNetError } from '../errors.js'
import { quoted } from '../formats/quoted.js'
import { definitionOf } from '../models/layers/index.js'
import { layersOf, type Model, type PlacedLayer, tensorsOf } from '../models/model.js'
import { formatShape, type Shape, sameShape, type Tensors } from '../tensor.js'
import { caffeNetwork, isCaffe } from './caffe.js'
import { type Candidate, candidates, withWidths } from './candidates.js'
import type { ForeignNetwork } from './foreign-network.js'
import { POOLED, unpooledWeight } from './mean-pool.js'
import { nestedHead } from './nested-head.js'
import { plainNames } from './plain-names.js'

/**
 * Tells by names and shapes which network a state_dict belongs to: one of the catalogue, of any width and number of
 * classes, under torchvision's names, or Caffe's.
 *
 * @param side The side of the network's pictures; default: that which the network was made for.
 * @throws AlexNetError `incompatible-state` that names the first tensor that does not fit.
 */
export function recogniseState(given: Tensors, side?: number): ForeignNetwork {
  const state = plainNames(given)
  if (isCaffe(state)) return caffeNetwork(state, side)
  const nested = nestedHead(state)
  if (!nested) return recognisePlain(state, side)
  const { model, state: plain, notes = [] } = recognisePlain(nested.plain, side)
  const network = { model: nested.extend(model), state: nested.restore(plain), notes: [...notes, nested.note] }
  const misfit = firstMisfit(network.model, layersOf(network.model), network.state)
  if (misfit) throw misfit
  return network
}

function recognisePlain(state: Tensors, side: number | undefined): ForeignNetwork {
  const names = new Set(Object.keys(state))
  const task = side === undefined ? {} : { inputShape: [3, side, side] }
  const named = candidates({ ...task, classes: 1 }).filter(({ model }) => hasNames(model, names))
  let first: AlexNetError | undefined
  for (const candidate of named) {
    const fitted = fitToWidths(candidate, state, side)
    if (!(fitted instanceof AlexNetError)) return fitted
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
function fitToWidths({ model }: Candidate, state: Tensors, side: number | undefined): ForeignNetwork | AlexNetError {
  const widths = layersOf(model)
    .filter(({ layer }) => definitionOf(layer).units)
    .map(({ name }) => state[`${name}.weight`].shape[0] ?? 0)
  if (!widths.every((width) => width > 0))
    return new AlexNetError('incompatible-state', 'the file holds a layer of no filters')
  const fitted = withWidths(model, widths)
  let layers: readonly PlacedLayer[]
  try {
    layers = layersOf(fitted)
  } catch (error) {
    if (error instanceof AlexNetError) return error // Numbers of filters that no network can have.
    throw error
  }
  const head = firstLinear(fitted)
  const pooled = pooledSide(fitted, layers, state[head].shape)
  const note = `the network brings its maps of ${pooled}×${pooled} to ${POOLED}×${POOLED} by a mean: that was put into ${head}`
  const own = pooled === undefined ? state : { ...state, [head]: unpooledWeight(state[head], pooled) }
  const misfit = firstMisfit(fitted, layers, own, { [head]: sizeHint(side) })
  return misfit ?? { model: fitted, state: own, ...(pooled !== undefined && { notes: [note] }) }
}

/** The first tensor that the network has and the file lacks, or has in another shape. */
function firstMisfit(
  { name: network, inputShape }: Model,
  layers: readonly PlacedLayer[],
  state: Tensors,
  hints: Readonly<Record<string, string>> = {},
): AlexNetError | undefined {
  const tensors = layers.flatMap(({ parameters, statistics }) => [...parameters, ...statistics])
  const wrong = tensors.find(({ name, shape }) => !(state[name] && sameShape(state[name].shape, shape)))
  if (!wrong) return undefined
  const { name, shape } = wrong
  const found = state[name] ? formatShape(state[name].shape) : 'missing'
  return new AlexNetError(
    'incompatible-state',
    `${name} is ${found}, expected ${formatShape(shape)} for ${network} on pictures of ${formatShape(inputShape)}`,
    hints[name],
  )
}

/** The side of the maps that torchvision's mean pool brings to 6×6; undefined where it has nothing to do. */
function pooledSide({ name }: Model, layers: readonly PlacedLayer[], head: Shape): number | undefined {
  const flatten = layers.find(({ layer }) => layer.kind === 'flatten')
  if (name !== 'alexnet' || !flatten) return undefined
  const [, channels, side] = flatten.input
  return side !== POOLED && head[1] === channels * POOLED ** 2 ? side : undefined
}

function sizeHint(side: number | undefined): string {
  return side === undefined
    ? 'If it was trained on pictures of another size, give their side: --image-size.'
    : `It was trained on pictures of another size than ${side}: give that as --image-size.`
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
