import { AlexNetError } from '../errors.js'
import type { OnnxNode, OnnxTensor } from '../formats/onnx/model.js'
import { quoted } from '../formats/quoted.js'
import { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { definitionOf, type Layer } from '../models/layers/index.js'
import type { Parameter } from '../models/layers/layer.js'
import { formatShape, sameShape, type Tensor } from '../tensor.js'
import type { OnnxChain } from './onnx-graph.js'
import { cannotRead } from './onnx-node.js'

/** A network read from an ONNX graph: its layers in order, each with its parameters. */
export interface OnnxLayers {
  readonly inputShape: readonly number[]
  readonly features: readonly ReadLayer[]
  readonly classifier: readonly ReadLayer[]
  readonly classes: number
}

export interface ReadLayer {
  readonly layer: Layer
  /** `weight` and `bias`, where the layer has them, then its statistics (`running_mean`). */
  readonly parameters: Readonly<Record<string, Tensor<'float32'>>>
}

/** Where the reading stands: the layers so far, and what shape the values have behind them. */
export class Walk {
  private readonly graph = new GraphBuilder('ONNX file')
  private x: Node
  private readonly features: ReadLayer[] = []
  private readonly classifier: ReadLayer[] = []
  private isFlat = false
  private hasEnded = false
  /** A product that still waits for its bias. */
  private biased: OnnxNode | undefined

  constructor(
    private readonly chain: OnnxChain,
    private readonly inputShape: readonly number[],
  ) {
    this.x = this.graph.input('images', [1, ...inputShape])
  }

  get shape(): readonly number[] {
    return this.x.shape
  }

  constant(node: OnnxNode, index: number, what: string): OnnxTensor {
    const name = node.inputs[index] ?? ''
    const tensor = this.chain.constant(name)
    if (!tensor) throw cannotRead(node, `its ${what} ${quoted(name)} is missing from the file`)
    return tensor
  }

  optionalConstant(node: OnnxNode, index: number, what: string): OnnxTensor | undefined {
    return node.inputs[index] ? this.constant(node, index, what) : undefined
  }

  /** The shape that a Reshape asks for, where it is a constant. */
  targetShape(node: OnnxNode): readonly number[] | undefined {
    const tensor = this.chain.constant(node.inputs[1] ?? '')
    if (tensor?.dtype !== 'int64') return undefined
    const { buffer, byteOffset, length } = new Uint8Array(tensor.bytes)
    return Array.from(new BigInt64Array(buffer, byteOffset, length / 8), Number)
  }

  add(node: OnnxNode, layer: Layer, parameters: ReadLayer['parameters'] = {}): void {
    if (this.hasEnded) throw cannotRead(node, 'it stands behind the softmax')
    if (layer.kind === 'linear' && !this.isFlat) throw cannotRead(node, 'it stands before the flattening')
    const definition = definitionOf(layer)
    const expected = [
      ...(definition.parameters?.(layer, this.x.shape) ?? []),
      ...(definition.statistics?.(layer, this.x.shape) ?? []),
    ]
    for (const { name, shape } of expected)
      if (!sameShape(parameters[name].shape, shape))
        throw cannotRead(node, `its ${name} is ${formatShape(parameters[name].shape)}, expected ${formatShape(shape)}`)
    this.x = this.apply(node, layer)
    ;(this.isFlat ? this.classifier : this.features).push({ layer, parameters })
  }

  private apply(node: OnnxNode, layer: Layer): Node {
    const { graph, x } = this
    const { apply, parameters, statistics } = definitionOf(layer)
    const stateOf = ({ name, shape }: Pick<Parameter, 'name' | 'shape'>) =>
      graph.state(`${graph.allNodes().length}.${name}`, shape)
    try {
      return apply(layer, x, {
        graph,
        parameters: (parameters?.(layer, x.shape) ?? []).map(stateOf),
        statistics: (statistics?.(layer, x.shape) ?? []).map(stateOf),
      })
    } catch (error) {
      if (error instanceof AlexNetError) throw cannotRead(node, error.message)
      throw error
    }
  }

  flatten(): void {
    if (this.isFlat) return
    this.isFlat = true
    this.x = definitionOf({ kind: 'flatten' }).apply({ kind: 'flatten' }, this.x, {
      graph: this.graph,
      parameters: [],
      statistics: [],
    })
  }

  end(): void {
    this.hasEnded = true
  }

  awaitBias(next: OnnxNode): void {
    this.biased = next
  }

  takeBias(node: OnnxNode): boolean {
    const isIt = this.biased === node
    this.biased = undefined
    return isIt
  }

  layers(): OnnxLayers {
    this.flatten()
    const { inputShape, features, classifier } = this
    return { inputShape, features, classifier, classes: this.x.shape[1] }
  }
}
