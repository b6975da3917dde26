import { GraphBuilder } from '../graph/builder.js'
import { multiplyAdds } from '../graph/multiply-adds.js'
import type { Shape } from '../tensor.js'
import { sizeOf } from '../tensor.js'
import { definitionOf } from './layers/index.js'
import { applyModel, type Model } from './model.js'

export interface LayerSummary {
  readonly name: string
  readonly kind: string
  /** What the layer is set to: `64 of 11×11, stride 4, padding 2`. */
  readonly settings: string
  /** What it produces for one picture: (C, H, W) or (features). */
  readonly output: Shape
  readonly parameters: number
  /** Multiplications with an addition, for one picture, forward. */
  readonly multiplyAdds: number
}

export interface ModelSummary {
  readonly model: string
  readonly input: Shape
  readonly classes: number
  readonly layers: readonly LayerSummary[]
  readonly parameters: number
  readonly multiplyAdds: number
}

/** What each layer of a model produces and costs, and the totals. */
export function summarise(model: Model): ModelSummary {
  const graph = new GraphBuilder(model.name)
  const applied = applyModel(graph, model, graph.input('images', [1, ...model.inputShape]))
  const layers = applied.layers.map(
    ({ name, layer, output, parameters }): LayerSummary => ({
      name,
      kind: layer.kind,
      settings: definitionOf(layer).describe(layer),
      output: output.slice(1),
      parameters: parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      multiplyAdds: graph
        .allNodes()
        .filter(({ scope }) => scope === name)
        .reduce((sum, node) => sum + multiplyAdds(node), 0),
    }),
  )
  const total = (key: 'parameters' | 'multiplyAdds') => layers.reduce((sum, layer) => sum + layer[key], 0)
  return {
    model: model.name,
    input: model.inputShape,
    classes: model.classes,
    layers,
    parameters: total('parameters'),
    multiplyAdds: total('multiplyAdds'),
  }
}
