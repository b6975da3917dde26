import type { OnnxModel } from '../../formats/onnx/model.js'
import type { Shape } from '../../tensor.js'
import { OnnxGraphWriter } from './graph-writer.js'
import { nextName } from './lower-program.js'

/** A model that hands its inputs out as they are, each as `nextName` of its own. */
export function identityModel(shapes: Readonly<Record<string, Shape>>): OnnxModel {
  const graph = new OnnxGraphWriter('identity', 'webgpu')
  for (const [name, shape] of Object.entries(shapes)) {
    graph.input(name, 'float32', shape)
    graph.output(nextName(name), name, 'float32', shape)
  }
  return graph.model()
}
