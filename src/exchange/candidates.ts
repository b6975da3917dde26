import { AlexNetError } from '../errors.js'
import { createModel, modelCatalogue } from '../models/catalogue.js'
import { definitionOf, type Layer } from '../models/layers/index.js'
import type { Model } from '../models/model.js'
import type { ModelOptions, ModelTask } from '../models/options.js'

/** A network that a file may hold, and the options that it was built with. */
export interface Candidate {
  readonly model: Model
  readonly options: ModelOptions
}

/** The switches that change a network's layers. Tensors alone do not tell them all: the earlier comes first. */
const variants: readonly ModelOptions[] = (['relu', 'tanh'] as const).flatMap((activation) =>
  (['overlapping', 'plain'] as const).flatMap((pooling) =>
    ([undefined, 'lrn', 'none', 'batch'] as const).map((norm) => ({
      ...(activation === 'tanh' && { activation }),
      ...(pooling === 'plain' && { pooling }),
      ...(norm !== undefined && { norm }),
    })),
  ),
)

/** Every network of the catalogue, first as it is by itself, then under the switches that its pictures allow. */
export function candidates(task: Partial<ModelTask>): readonly Candidate[] {
  return variants.flatMap((options) =>
    modelCatalogue.flatMap(({ name }): Candidate[] => {
      try {
        return [{ model: createModel(name, task, options), options }]
      } catch (error) {
        if (error instanceof AlexNetError) return [] // It does not fit such pictures, or lacks the switch.
        throw error
      }
    }),
  )
}

/**
 * The same network with other numbers of filters and hidden units: those of a file, in the order of the layers.
 * @param widths One for each layer that has filters or hidden units.
 */
export function withWidths(model: Model, widths: readonly number[]): Model {
  let next = 0
  const widen = (layer: Layer): Layer => definitionOf(layer).units?.withUnits(layer, widths[next++]) ?? layer
  const features = model.features.map(widen)
  const classifier = model.classifier.map(widen)
  return { ...model, features, classifier, classes: widths[widths.length - 1] }
}

/**
 * The network of the catalogue that computes what `model` does, with its widths: dropout and what concerns training alone
 * aside.
 */
export function findCandidate(model: Model): Candidate | undefined {
  const { inputShape, classes } = model
  const widths = widthsOf(model)
  const form = formOf(model)
  for (const { model: plain, options } of candidates({ inputShape, classes })) {
    if (widthsOf(plain).length !== widths.length) continue
    const wide = withWidths(plain, widths)
    if (formOf(wide) === form) return { model: wide, options }
  }
  return undefined
}

function widthsOf({ features, classifier }: Model): number[] {
  return [...features, ...classifier].flatMap((layer) => definitionOf(layer).units?.of(layer) ?? [])
}

/** What a network computes, in a form that can be compared. */
function formOf({ features, classifier }: Model): string {
  const form = (layers: readonly Layer[]) =>
    layers.flatMap((layer) => {
      const { essence } = definitionOf(layer)
      const computed = essence ? essence(layer) : layer
      return computed ? [Object.entries(computed).toSorted(byName)] : []
    })
  return JSON.stringify([form(features), form(classifier)])
}

/** The order of keys, which JSON keeps and equality does not know. */
export const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)

/** The recipe's settings that build `model`: with a width where a single factor gives just these layers. */
export function modelSettings(model: Model, options: ModelOptions): ModelOptions & { name: string } {
  const settings = { name: model.name, ...options }
  const [first] = model.features
  if (first?.kind !== 'conv2d') return settings
  const task = { inputShape: model.inputShape, classes: model.classes }
  const filters = (width?: number) => createModel(model.name, task, { ...options, width })
  const whole = filters().features[0]
  if (whole.kind !== 'conv2d' || whole.filters === first.filters) return settings
  const width = first.filters / whole.filters
  return JSON.stringify(filters(width)) === JSON.stringify(model) ? { ...settings, width } : settings
}
