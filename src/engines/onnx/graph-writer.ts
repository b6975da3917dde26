import type {
  OnnxAttribute,
  OnnxDType,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValueInfo,
} from '../../formats/onnx/model.js'
import type { DType } from '../../tensor.js'

/** Opset 16: the first with ScatterElements(reduction=add); ONNX Runtime reads it on every provider. */
const OPSET = 16

type Attributes = Readonly<Record<string, OnnxAttribute>>

/**
 * What a model is written for: ONNX Runtime on a processor, or on WebGPU, which lacks some operators; or for other programs
 * (`exchange`): then what has an operator of its own is that operator, also where ONNX Runtime is faster with something else.
 */
export type OnnxTarget = 'cpu' | 'webgpu' | 'exchange'

/** How weights (F, C/groups, K, K) are given. */
export type WeightsAs =
  /** As they are. */
  | 'given'
  /** Those of the forward convolution: filters and channels are to be exchanged within each group, the taps turned by 180°. */
  | 'turned'

export interface BlockedConvolution {
  /** Of the result. */
  readonly filters: number
  /** Of what is convolved. */
  readonly channels: number
  readonly kernel: number
  readonly weightsAs: WeightsAs
  readonly attributes: Readonly<Record<string, OnnxAttribute>> & { readonly group: number }
}

/**
 * A convolution of x (N, C, H, W) → (N, F, H', W') on channels in blocks, through the library's layout and back; undefined
 * where its channels do not fill blocks.
 */
export type ConvolveInBlocks = (
  graph: OnnxGraphWriter,
  inputs: readonly string[],
  convolution: BlockedConvolution,
) => string | undefined

/** Collects the nodes and constants of an ONNX graph. Values are known by their names. */
export class OnnxGraphWriter {
  private readonly nodes: OnnxNode[] = []
  private readonly initializers = new Map<string, OnnxTensor>()
  private readonly inputs: OnnxValueInfo[] = []
  private readonly outputs: OnnxValueInfo[] = []
  private readonly aliases = new Map<string, string>()
  private scope = ''

  constructor(
    private readonly name: string,
    readonly target: OnnxTarget,
    /** Convolutions of ONNX Runtime's own, where there are such and the graph may use them. */
    readonly convolveInBlocks?: ConvolveInBlocks,
  ) {}

  /** Names what comes next after a layer and an operator, so that a profile can be read. */
  enter(scope: string): void {
    this.scope = scope
  }

  /** Adds a node and returns its (first) output's name. Give `output` to choose that name. */
  node(opType: string, inputs: readonly string[], attributes: Attributes = {}, output?: string): string {
    return this.nodeWithOutputs(opType, inputs, attributes, [output ?? this.newName(opType)])[0]
  }

  /** Adds a node of several outputs. */
  nodeWithOutputs(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: readonly string[],
  ): readonly string[] {
    this.nodes.push({ opType, name: this.newName(opType), inputs, outputs, attributes })
    return outputs
  }

  /** A constant list of whole numbers (axes, shapes, pads), or a single one for the shape `[]`. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant('int64', shape, new Uint8Array(BigInt64Array.from(values, BigInt).buffer))
  }

  /** A constant of real numbers. */
  floats(values: readonly number[] | Float32Array, shape: readonly number[] = []): string {
    const data = Float32Array.from(values)
    return this.constant('float32', shape, new Uint8Array(data.buffer))
  }

  /** A constant under a name of its own, such as a weight. */
  initializer(name: string, tensor: OnnxTensor): string {
    this.initializers.set(name, tensor)
    return name
  }

  input(name: string, dtype: OnnxDType, shape: OnnxValueInfo['shape']): string {
    this.inputs.push({ name, dtype, shape })
    return name
  }

  /** Makes `value` an output of the graph under the given name. */
  output(name: string, value: string, dtype: OnnxDType, shape: OnnxValueInfo['shape']): void {
    this.node('Identity', [value], {}, name)
    this.outputs.push({ name, dtype, shape })
  }

  /** The name of a value that another operator has left for later: the indices of a pooling, say. */
  remember(key: string, value: string): void {
    this.aliases.set(key, value)
  }

  recall(key: string): string | undefined {
    return this.aliases.get(key)
  }

  model(): OnnxModel {
    return {
      opset: OPSET,
      graph: {
        name: this.name,
        nodes: this.nodes,
        initializers: Object.fromEntries(this.initializers),
        inputs: this.inputs,
        outputs: this.outputs,
      },
    }
  }

  /** The same constant is written once. */
  private constant(dtype: OnnxDType, shape: readonly number[], bytes: Uint8Array): string {
    const key = bytes.length <= 64 ? `const:${dtype}:${shape}:${bytes}` : undefined
    const known = key && this.aliases.get(key)
    if (known) return known
    const name = `const${this.initializers.size}`
    this.initializers.set(name, { dtype, shape, bytes })
    if (key) this.aliases.set(key, name)
    return name
  }

  private newName(opType: string): string {
    // Without its domain: a profile is read by these names.
    return `${this.scope}/${opType.split('.').at(-1)}#${this.nodes.length}`
  }
}

/** A tensor's memory as an ONNX constant, without a copy. */
export function onnxTensor(
  dtype: Exclude<DType, 'float64'>,
  shape: readonly number[],
  data: ArrayBufferView,
): OnnxTensor {
  return { dtype, shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }
}
