import { AlexNetError } from '../errors.js'
import { didYouMean } from '../suggest.js'
import { type Layer, layerSchema } from './layers/index.js'
import { layersOf, type Model } from './model.js'

/**
 * Multipliers of the learning rate by pattern, for fine-tuning: the name of a parameter (`classifier.6.bias`) or the
 * beginning of some (`features`, `classifier.6`), with `*` for any part of a name (`*.bias`); `last` is the last layer that has
 * parameters, whatever its place. 0 freezes.
 */
export type RateMultipliers = Readonly<Record<string, number>>

const LAST = 'last'

/**
 * The model with these multipliers on top of its layers' own. Where several patterns fit a parameter the last one holds.
 *
 * @throws AlexNetError `unknown-name` for a pattern that fits no parameter; `invalid-setting` when nothing is left to learn.
 * @example withRateMultipliers(model, { features: 0, last: 10 }) // only the head learns, its last layer faster
 */
export function withRateMultipliers(model: Model, multipliers: RateMultipliers): Model {
  const placed = layersOf(model)
  const names = placed.flatMap(({ parameters }) => parameters.map(({ name }) => name))
  const last = placed.findLast(({ parameters }) => parameters.length > 0)?.name ?? LAST
  const rules = Object.entries(multipliers).map(([pattern, factor]) => ({
    ...{ pattern, factor },
    fits: matcher(pattern === LAST ? last : pattern),
  }))
  for (const { pattern, fits } of rules)
    if (!names.some(fits))
      throw new AlexNetError(
        'unknown-name',
        `no parameter of ${model.name} is called '${pattern}'`,
        didYouMean(pattern, [
          'features',
          'classifier',
          LAST,
          ...placed.filter((p) => p.parameters[0]).map(({ name }) => name),
        ]),
      )
  const layers = new Map(placed.map(({ name, layer, parameters }) => [name, scaled(name, layer, parameters, rules)]))
  const changed: Model = {
    ...model,
    features: model.features.map((_, i) => layers.get(`features.${i}`)!),
    classifier: model.classifier.map((_, i) => layers.get(`classifier.${i}`)!),
  }
  if (layersOf(changed).every(({ parameters }) => parameters.every(({ rate }) => rate === 0)))
    throw new AlexNetError('invalid-setting', 'every parameter is frozen: there is nothing to learn', 'Freeze fewer.')
  return changed
}

interface Rule {
  readonly factor: number
  fits(name: string): boolean
}

function scaled(
  place: string,
  layer: Layer,
  parameters: readonly { readonly name: string; readonly rate: number }[],
  rules: readonly Rule[],
): Layer {
  const changes = parameters.flatMap(({ name, rate }) => {
    const rule = rules.findLast(({ fits }) => fits(name))
    return rule ? [{ key: name.slice(place.length + 1), rate: rate * rule.factor }] : []
  })
  const settings: Record<string, unknown> = { ...layer }
  for (const { key, rate } of changes) settings[key] = { ...(settings[key] as object | undefined), rate }
  return layerSchema.parse(settings)
}

function matcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}(\\.|$)`)
  return (name) => expression.test(name)
}
