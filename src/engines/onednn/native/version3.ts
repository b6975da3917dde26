import type { LibraryHandle } from '#koffi'
import {
  accurateSoftmax,
  binaryKind,
  constants3,
  convolutionKind,
  eltwiseFromOutput,
  formatAny,
  normalisationFlags,
  poolingKind,
  propKind,
  sumReduction,
} from './constants.js'
import type { ConvolutionSpec, PoolingSpec, PrimitiveSpec } from './types.js'
import { int64, type VersionLayer } from './version-layer.js'

/** The C interface of oneDNN 3.x: memory descriptors are handles, and a primitive is asked for in one call. */
export class Version3 implements VersionLayer {
  readonly constants = constants3
  private readonly call: ReturnType<typeof functionsOf>

  constructor(library: LibraryHandle) {
    this.call = functionsOf(library)
  }

  stridedDesc(dims: BigInt64Array, type: number, strides: BigInt64Array): bigint {
    return this.newDesc((out) => this.call.descByStrides(out, dims.length, dims, type, strides))
  }

  anyDesc(dims: BigInt64Array, type: number): bigint {
    return this.newDesc((out) => this.call.descByTag(out, dims.length, dims, type, formatAny))
  }

  destroyDesc(handle: Uint8Array | bigint): void {
    this.call.destroyDesc(handle)
  }

  appendSum(postOps: bigint, scale: number): number {
    return this.call.appendSum(postOps, scale, 0, 0)
  }

  appendEltwise(postOps: bigint, algorithm: number, alpha: number, beta: number): number {
    return this.call.appendEltwise(postOps, algorithm, alpha, beta)
  }

  primitiveDesc(out: BigInt64Array, engine: bigint, spec: PrimitiveSpec, attributes: bigint, choice: number): number {
    let status = this.firstDesc(out, engine, spec, attributes)
    // The descriptor itself goes on to the next.
    for (let i = 0; i < choice && status === 0; i++) {
      status = this.call.nextImplementation(out[0])
      if (status !== 0) this.call.primitiveDescDestroy(out[0])
    }
    return status
  }

  private firstDesc(out: BigInt64Array, engine: bigint, spec: PrimitiveSpec, attributes: bigint): number {
    const { call, constants } = this
    switch (spec.kind) {
      case 'convolutionForward':
      case 'convolutionBackwardData':
      case 'convolutionBackwardWeights':
        return this.convolution(out, engine, spec, attributes)
      case 'poolingForward':
      case 'poolingBackward':
        return this.pooling(out, engine, spec, attributes)
      case 'batchNormForward':
        return call.batchNormForward(
          out,
          engine,
          propKind.forwardTraining,
          spec.data.handle,
          spec.data.handle,
          spec.epsilon,
          normalisationFlags(constants, spec.givenStatistics),
          attributes,
        )
      case 'batchNormBackward':
        return call.batchNormBackward(
          out,
          engine,
          propKind.backward,
          spec.data.handle,
          spec.data.handle,
          spec.data.handle,
          spec.epsilon,
          normalisationFlags(constants, spec.givenStatistics),
          spec.forward?.handle ?? 0n,
          attributes,
        )
      case 'matmul':
        return call.matmul(
          out,
          engine,
          spec.src.handle,
          spec.weights.handle,
          spec.bias?.handle ?? null,
          spec.dst.handle,
          attributes,
        )
      case 'eltwiseForward':
        return call.eltwiseForward(
          out,
          engine,
          propKind.forwardTraining,
          constants.eltwise[spec.algorithm],
          spec.data.handle,
          spec.data.handle,
          spec.alpha ?? 0,
          spec.beta ?? 0,
          attributes,
        )
      case 'eltwiseBackward':
        return this.eltwiseBackward(out, engine, spec, attributes)
      case 'softmax':
        return call.softmax(
          out,
          engine,
          propKind.forwardInference,
          accurateSoftmax,
          spec.data.handle,
          spec.data.handle,
          spec.axis,
          attributes,
        )
      case 'binary':
        return call.binary(
          out,
          engine,
          binaryKind[spec.algorithm],
          spec.a.handle,
          spec.b.handle,
          spec.dst.handle,
          attributes,
        )
      case 'sumReduction':
        return call.reduction(out, engine, sumReduction, spec.src.handle, spec.dst.handle, 0, 0, attributes)
      case 'reorder':
        return call.reorder(out, spec.src.handle, engine, spec.dst.handle, engine, attributes)
    }
  }

  /** 3.x wants the forward primitive as a hint, even where its description says everything. */
  private eltwiseBackward(
    out: BigInt64Array,
    engine: bigint,
    { algorithm, data, gradient }: Extract<PrimitiveSpec, { kind: 'eltwiseBackward' }>,
    attributes: bigint,
  ): number {
    const { call } = this
    const kind = eltwiseFromOutput[algorithm]
    const forward = new BigInt64Array(1)
    const { handle } = data
    const status = call.eltwiseForward(forward, engine, propKind.forwardTraining, kind, handle, handle, 0, 0, 0n)
    if (status !== 0) return status
    const result = call.eltwiseBackward(
      out,
      engine,
      kind,
      gradient.handle,
      gradient.handle,
      handle,
      0,
      0,
      forward[0],
      attributes,
    )
    call.primitiveDescDestroy(forward[0])
    return result
  }

  private convolution(out: BigInt64Array, engine: bigint, spec: ConvolutionSpec, attributes: bigint): number {
    const { call } = this
    const { src, weights, bias, dst } = spec
    const algorithm = convolutionKind[spec.algorithm ?? 'direct']
    const undilated = int64(spec.strides.map(() => 0))
    const window = [int64(spec.strides), undilated, int64(spec.paddingBefore), int64(spec.paddingAfter)]
    const hint = spec.forward?.handle ?? 0n
    if (spec.kind === 'convolutionBackwardData')
      return call.convolutionBackwardData(
        out,
        engine,
        algorithm,
        src.handle,
        weights.handle,
        dst.handle,
        ...window,
        hint,
        attributes,
      )
    const operands = [src.handle, weights.handle, bias?.handle ?? null, dst.handle]
    if (spec.kind === 'convolutionBackwardWeights')
      return call.convolutionBackwardWeights(out, engine, algorithm, ...operands, ...window, hint, attributes)
    const prop = spec.training ? propKind.forwardTraining : propKind.forwardInference
    return call.convolutionForward(out, engine, prop, algorithm, ...operands, ...window, attributes)
  }

  private pooling(out: BigInt64Array, engine: bigint, spec: PoolingSpec, attributes: bigint): number {
    const { call } = this
    const rest = [
      poolingKind[spec.algorithm],
      spec.src.handle,
      spec.dst.handle,
      int64(spec.strides),
      int64(spec.kernel),
      int64(spec.kernel.map(() => 0)),
      int64(spec.paddingBefore),
      int64(spec.paddingAfter),
    ]
    if (spec.kind === 'poolingBackward')
      return call.poolingBackward(out, engine, ...rest, spec.forward?.handle ?? 0n, attributes)
    const prop = spec.training ? propKind.forwardTraining : propKind.forwardInference
    return call.poolingForward(out, engine, prop, ...rest, attributes)
  }

  private newDesc(create: (out: BigInt64Array) => number): bigint {
    const out = new BigInt64Array(1)
    const status = create(out)
    if (status !== 0) throw new Error(`a memory descriptor was refused with status ${status}`)
    return out[0]
  }
}

function functionsOf(library: LibraryHandle) {
  const status = (name: string, types: string[]) => library.func(`dnnl_${name}`, 'int', types)
  const create = (name: string, types: string[]) =>
    status(`${name}_primitive_desc_create`, ['void *', 'uintptr_t', ...types, 'uintptr_t'])
  const pointers = (count: number) => Array<string>(count).fill('void *')
  return {
    descByStrides: status('memory_desc_create_with_strides', ['void *', 'int', 'void *', 'int', 'void *']),
    descByTag: status('memory_desc_create_with_tag', ['void *', 'int', 'void *', 'int', 'int']),
    destroyDesc: status('memory_desc_destroy', ['void *']),
    primitiveDescDestroy: status('primitive_desc_destroy', ['uintptr_t']),
    nextImplementation: status('primitive_desc_next_impl', ['uintptr_t']),
    appendSum: status('post_ops_append_sum', ['uintptr_t', 'float', 'int32_t', 'int']),
    appendEltwise: status('post_ops_append_eltwise', ['uintptr_t', 'int', 'float', 'float']),
    reorder: status('reorder_primitive_desc_create', [
      'void *',
      'void *',
      'uintptr_t',
      'void *',
      'uintptr_t',
      'uintptr_t',
    ]),
    matmul: create('matmul', pointers(4)),
    eltwiseForward: create('eltwise_forward', ['int', 'int', ...pointers(2), 'float', 'float']),
    eltwiseBackward: create('eltwise_backward', ['int', ...pointers(3), 'float', 'float', 'uintptr_t']),
    softmax: create('softmax_forward', ['int', 'int', ...pointers(2), 'int']),
    binary: create('binary', ['int', ...pointers(3)]),
    reduction: create('reduction', ['int', ...pointers(2), 'float', 'float']),
    batchNormForward: create('batch_normalization_forward', ['int', ...pointers(2), 'float', 'uint']),
    batchNormBackward: create('batch_normalization_backward', ['int', ...pointers(3), 'float', 'uint', 'uintptr_t']),
    convolutionForward: create('convolution_forward', ['int', 'int', ...pointers(8)]),
    convolutionBackwardData: create('convolution_backward_data', ['int', ...pointers(7), 'uintptr_t']),
    convolutionBackwardWeights: create('convolution_backward_weights', ['int', ...pointers(8), 'uintptr_t']),
    poolingForward: create('pooling_forward', ['int', 'int', ...pointers(7)]),
    poolingBackward: create('pooling_backward', ['int', ...pointers(7), 'uintptr_t']),
  }
}
