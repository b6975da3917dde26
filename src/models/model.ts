import * as z from 'zod'
import { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../tensor.js'
import { definitionOf, type Layer, layerSchema } from './layers/index.js'
import type { Parameter } from './layers/layer.js'

/**
 * A network as plain data: it can be printed, compared and written into a checkpoint as it stands. `features` works on
 * pictures (N, C, H, W), `classifier` on the flattened features (N, C·H·W), as in torchvision, whose parameter names
 * (`features.0.weight`) follow from the places in these lists.
 */
export interface Model {
  readonly name: string
  /** One picture: (C, H, W). */
  readonly inputShape: Shape
  readonly classes: number
  readonly features: readonly Layer[]
  readonly classifier: readonly Layer[]
}

/** Checks a model that comes from a file. */
export const modelSchema: z.ZodType<Model> = z.strictObject({
  name: z.string(),
  inputShape: z.array(z.number().int().positive()).length(3),
  classes: z.number().int().positive(),
  features: z.array(layerSchema),
  classifier: z.array(layerSchema),
})

/** A layer with its place in the model: `features.0`. */
export interface PlacedLayer {
  readonly name: string
  readonly layer: Layer
  /** Shapes with the batch's size in front: (N, C, H, W) or (N, features). */
  readonly input: Shape
  readonly output: Shape
  readonly parameters: readonly Parameter[]
}

/** What `applyModel` adds to a graph. */
export interface AppliedModel {
  /** (N, classes), before the softmax. */
  readonly logits: Node
  /** All parameters in order, under their full names, each with its node in the graph. */
  readonly parameters: readonly { readonly parameter: Parameter; readonly node: Node }[]
  /** The layers in order, each with its output in the graph. */
  readonly layers: readonly (PlacedLayer & { readonly value: Node })[]
}

/**
 * Adds a model to a graph: its parameters as state, its layers on `images` (N, C, H, W).
 *
 * @param mask In training, makes a dropout layer's mask, given the layer's name; without it dropout does nothing.
 * @throws AlexNetError `invalid-shape`, naming the layer, when a layer does not fit its input.
 */
export function applyModel(
  graph: GraphBuilder,
  model: Model,
  images: Node,
  mask?: (layer: string, shape: Shape, rate: number) => Node,
): AppliedModel {
  const parameters: AppliedModel['parameters'][number][] = []
  const layers: AppliedModel['layers'][number][] = []
  let x = images
  for (const [name, layer] of namedLayers(model)) {
    x = graph.within(name, () => {
      const definition = definitionOf(layer)
      const own = (definition.parameters?.(layer, x.shape) ?? []).map((p) => ({ ...p, name: `${name}.${p.name}` }))
      const nodes = own.map((p) => graph.state(p.name, p.shape))
      own.forEach((parameter, i) => {
        parameters.push({ parameter, node: nodes[i] })
      })
      const y = definition.apply(layer, x, {
        graph,
        parameters: nodes,
        mask: mask && ((shape, rate) => mask(name, shape, rate)),
      })
      layers.push({ name, layer, input: x.shape, output: y.shape, parameters: own, value: y })
      return y
    })
  }
  return { logits: x, parameters, layers }
}

function namedLayers({ features, classifier }: Model): [string, Layer][] {
  return [
    ...features.map((layer, i): [string, Layer] => [`features.${i}`, layer]),
    ['flatten', { kind: 'flatten' }],
    ...classifier.map((layer, i): [string, Layer] => [`classifier.${i}`, layer]),
  ]
}

/** The layers of a model with their shapes for a batch of one, and their parameters under their full names. */
export function layersOf(model: Model): readonly PlacedLayer[] {
  const graph = new GraphBuilder(model.name)
  return applyModel(graph, model, graph.input('images', [1, ...model.inputShape])).layers
}

/** All parameters of a model, under their full names, in torchvision's order. */
export function parametersOf(model: Model): readonly Parameter[] {
  return layersOf(model).flatMap(({ parameters }) => parameters)
}
