import { AlexNetError } from '../errors.js'
import type { Model } from './model.js'

/**
 * The model with another number of classes: its last fully connected layer gets as many outputs, and its parameters are
 * to be drawn anew.
 *
 * @returns The model, and the layer's name: `classifier.6`.
 * @throws AlexNetError `incompatible-state` when the model does not end in a fully connected layer.
 */
export function replaceHead(model: Model, classes: number): { readonly model: Model; readonly head: string } {
  const last = model.classifier.length - 1
  const layer = model.classifier[last]
  if (layer?.kind !== 'linear')
    throw new AlexNetError(
      'incompatible-state',
      `${model.name} ends in ${layer?.kind ?? 'nothing'}: only a fully connected layer can be replaced for other classes`,
    )
  return {
    model: { ...model, classes, classifier: model.classifier.with(last, { ...layer, outputs: classes }) },
    head: `classifier.${last}`,
  }
}
