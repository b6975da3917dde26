import { linear } from '../models/blocks.js'
import type { Layer } from '../models/layers/index.js'
import type { Model } from '../models/model.js'
import type { Tensors } from '../tensor.js'

/** A last layer that is a small network of its own: `model.classifier[6] = nn.Sequential(…)`, as tutorials have it. */
export interface NestedHead {
  /** The tensors with its first linear layer in the place of the usual one: what they are the network of is asked next. */
  readonly plain: Tensors
  /** The network of those, with the whole head. */
  readonly extend: (model: Model) => Model
  /** Its tensors, given those of the network of `plain`. */
  readonly restore: (state: Tensors) => Tensors
  /** What the file does not say of it. */
  readonly note: string
}

/** Of a head with more layers the names do not say enough. */
const MOST_LAYERS = 64

const NESTED = /^classifier\.(\d+)\.(\d+)\.(weight|bias)$/

/**
 * Recognises such a head by its names, `classifier.6.0.weight` and `classifier.6.3.weight`: of the layers between, which
 * have no tensors, the first behind a linear one is taken for ReLU, and others for dropout, which does nothing in a test.
 */
export function nestedHead(state: Tensors): NestedHead | undefined {
  const nested = Object.keys(state).flatMap((name) => {
    const [, outer, inner, part] = NESTED.exec(name) ?? []
    return outer === undefined ? [] : [{ name, outer: Number(outer), inner: Number(inner), part }]
  })
  const [first] = nested
  const places = [...new Set(nested.map(({ inner }) => inner))].sort((a, b) => a - b)
  if (!first || !nested.every(({ outer }) => outer === first.outer) || nested.length !== 2 * places.length)
    return undefined
  const { outer } = first
  // What stands behind it has a place of its own, which more layers in the middle would take from it.
  const isLast = Object.keys(state).every((name) => Number(/^classifier\.(\d+)\./.exec(name)?.[1] ?? 0) <= outer)
  if (!isLast || places[places.length - 1] >= MOST_LAYERS) return undefined

  const entry = ({ name, part }: (typeof nested)[number], place: number) =>
    [`classifier.${place}.${part}`, state[name]] as const
  const without = (tensors: Tensors, pattern: RegExp) => Object.entries(tensors).filter(([name]) => !pattern.test(name))
  const beginning = nested.filter(({ inner }) => inner === places[0]).map((tensor) => entry(tensor, outer))
  const head = nested.map((tensor) => entry(tensor, outer + tensor.inner))
  return {
    plain: Object.fromEntries([...without(state, NESTED), ...beginning]),
    extend: (model) => extended(model, outer, places, state),
    restore: (tensors) => Object.fromEntries([...without(tensors, new RegExp(`^classifier\\.${outer}\\.`)), ...head]),
    note: `classifier.${outer} holds several layers: between linear ones ReLU is assumed`,
  }
}

function extended(model: Model, outer: number, places: readonly number[], state: Tensors): Model {
  const layers = Array.from({ length: places[places.length - 1] + 1 }, (_, inner): Layer => {
    if (places.includes(inner)) return linear(state[`classifier.${outer}.${inner}.weight`].shape[0])
    return places.includes(inner - 1) ? { kind: 'relu' } : { kind: 'dropout', rate: 0.5 }
  })
  const classifier = [...model.classifier.slice(0, outer), ...layers]
  const last = state[`classifier.${outer}.${places[places.length - 1]}.weight`]
  // A head of one linear layer is the usual one, dropout aside.
  const name = layers.length === 1 ? model.name : 'imported'
  return { ...model, name, classifier, classes: last.shape[0] }
}
