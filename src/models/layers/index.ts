import * as z from 'zod'
import { reluLayer, tanhLayer } from './activation.js'
import { batchNormLayer } from './batch-norm.js'
import { conv2dLayer } from './conv2d.js'
import { dropoutLayer } from './dropout.js'
import { flattenLayer } from './flatten.js'
import type { LayerDefinition } from './layer.js'
import { linearLayer } from './linear.js'
import { lrnLayer } from './lrn.js'
import { avgPoolLayer, maxPoolLayer } from './pooling.js'

const definitions = {
  conv2d: conv2dLayer,
  linear: linearLayer,
  relu: reluLayer,
  tanh: tanhLayer,
  'max-pool': maxPoolLayer,
  'avg-pool': avgPoolLayer,
  lrn: lrnLayer,
  'batch-norm': batchNormLayer,
  dropout: dropoutLayer,
  flatten: flattenLayer,
}

type Definitions = typeof definitions
type LayerOf<D> = D extends LayerDefinition<infer L, infer _> ? L : never
type GivenOf<D> = D extends LayerDefinition<infer _, infer Given> ? Given : never

/** A layer as plain data: `{ kind: 'conv2d', filters: 64, kernel: 11, stride: 4, padding: 2, groups: 1 }`. */
export type Layer = { [Kind in keyof Definitions]: LayerOf<Definitions[Kind]> }[keyof Definitions]

/** The same as it may be written: what is left out is its default. */
export type LayerSettings = { [Kind in keyof Definitions]: GivenOf<Definitions[Kind]> }[keyof Definitions]

/** Checks a layer that comes from a file or a program. */
export const layerSchema = z.discriminatedUnion(
  'kind',
  Object.values(definitions).map(({ schema }) => schema) as unknown as [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<Layer, LayerSettings>

/** Everything that is known about a layer's kind. */
export function definitionOf(layer: Layer): LayerDefinition<Layer> {
  return definitions[layer.kind] as unknown as LayerDefinition<Layer>
}
