import * as z from 'zod'
import { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { dropoutMask } from '../graph/ops/dropout.js'
import type { Shape } from '../tensor.js'
import { definitionOf, type Layer, layerSchema } from './layers/index.js'
import type { Parameter, Statistic } from './layers/layer.js'

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
  /** What the layer keeps besides, under its full names. */
  readonly statistics: readonly Statistic[]
}

/** What `applyModel` needs to know in training. */
export interface TrainingMode {
  /** What dropout draws from. */
  readonly seed: number
  /** The number of the step (int32, a scalar). */
  readonly step: Node
  /** The place of the first picture in the whole batch, of which `images` may be a share. */
  readonly firstPicture: number
}

/** What `applyModel` adds to a graph. */
export interface AppliedModel {
  /** (N, classes), before the softmax. */
  readonly logits: Node
  /** All parameters in order, under their full names, each with its node in the graph. */
  readonly parameters: readonly { readonly parameter: Parameter; readonly node: Node }[]
  /** The layers in order, each with its output in the graph. */
  readonly layers: readonly (PlacedLayer & { readonly value: Node })[]
  /** The next values of the statistics, by their full names; none in inference. */
  readonly next: Readonly<Record<string, Node>>
}

/**
 * Adds a model to a graph: its parameters and statistics as state, its layers on `images` (N, C, H, W).
 *
 * @param training In training; without it dropout does nothing, and batch normalisation goes by its running statistics.
 * @throws AlexNetError `invalid-shape`, naming the layer, when a layer does not fit its input.
 */
export function applyModel(graph: GraphBuilder, model: Model, images: Node, training?: TrainingMode): AppliedModel {
  const parameters: AppliedModel['parameters'][number][] = []
  const layers: AppliedModel['layers'][number][] = []
  const next: Record<string, Node> = {}
  let x = images
  for (const [name, layer] of namedLayers(model)) {
    x = graph.within(name, () => {
      const definition = definitionOf(layer)
      const own = (definition.parameters?.(layer, x.shape) ?? []).map((p) => ({ ...p, name: `${name}.${p.name}` }))
      const nodes = own.map((p) => graph.state(p.name, p.shape))
      own.forEach((parameter, i) => {
        parameters.push({ parameter, node: nodes[i] })
      })
      const statistics = (definition.statistics?.(layer, x.shape) ?? []).map((s) => ({
        ...s,
        name: `${name}.${s.name}`,
      }))
      const y = definition.apply(layer, x, {
        graph,
        parameters: nodes,
        statistics: statistics.map((s) => graph.state(s.name, s.shape)),
        training: training && {
          dropoutMask: (shape, rate) => maskOf(graph, name, shape, rate, training),
          advance: (i, node) => {
            next[statistics[i].name] = node
          },
        },
      })
      layers.push({ name, layer, input: x.shape, output: y.shape, parameters: own, statistics, value: y })
      return y
    })
  }
  return { logits: x, parameters, layers, next }
}

function maskOf(graph: GraphBuilder, layer: string, shape: Shape, rate: number, training: TrainingMode): Node {
  const { seed, step, firstPicture } = training
  return graph.add(dropoutMask, [step], { name: `mask:${layer}`, shape, rate, seed, firstPicture })
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

/** All that a model consists of: its parameters and statistics, layer by layer, under the full names. */
export function tensorsOf(model: Model): readonly (Parameter | Statistic)[] {
  return layersOf(model).flatMap(({ parameters, statistics }) => [...parameters, ...statistics])
}
