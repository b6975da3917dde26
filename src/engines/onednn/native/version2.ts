import type { LibraryHandle } from '#koffi'
import {
  accurateSoftmax,
  binaryKind,
  constants2,
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

/** Room for any `dnnl_memory_desc_t` (696 bytes in 2.6) and any operation descriptor (5,976 bytes for a convolution). */
const MEMORY_DESC_BYTES = 1024
const OPERATION_DESC_BYTES = 16384

/** The C interface of oneDNN 2.x: structs that the caller owns; an operation is described, then asked for. */
export class Version2 implements VersionLayer {
  readonly constants = constants2
  private readonly call: ReturnType<typeof functionsOf>

  constructor(library: LibraryHandle) {
    this.call = functionsOf(library)
  }

  stridedDesc(dims: BigInt64Array, type: number, strides: BigInt64Array): Uint8Array {
    const desc = new Uint8Array(MEMORY_DESC_BYTES)
    if (dims.length > 0) this.expectSuccess(this.call.descByStrides(desc, dims.length, dims, type, strides))
    return desc
  }

  anyDesc(dims: BigInt64Array, type: number): Uint8Array {
    const desc = new Uint8Array(MEMORY_DESC_BYTES)
    this.expectSuccess(this.call.descByTag(desc, dims.length, dims, type, formatAny))
    return desc
  }

  /** A struct in JavaScript's memory goes with it. */
  destroyDesc(): void {}

  appendSum(postOps: bigint, scale: number): number {
    return this.call.appendSum(postOps, scale)
  }

  appendEltwise(postOps: bigint, algorithm: number, alpha: number, beta: number): number {
    return this.call.appendEltwise(postOps, 1, algorithm, alpha, beta)
  }

  primitiveDesc(out: BigInt64Array, engine: bigint, spec: PrimitiveSpec, attributes: bigint, choice: number): number {
    if (spec.kind === 'reorder')
      return this.call.reorder(out, spec.src.handle, engine, spec.dst.handle, engine, attributes)
    const operation = new Uint8Array(OPERATION_DESC_BYTES)
    const status = this.operation(operation, spec)
    if (status !== 0) return status
    const hint = 'forward' in spec && spec.forward ? spec.forward.handle : 0n
    if (choice === 0) return this.call.primitiveDesc(out, operation, attributes, engine, hint)
    return this.later(out, [operation, attributes, engine, hint], choice)
  }

  /** An implementation after the first. */
  private later(out: BigInt64Array, what: readonly unknown[], choice: number): number {
    const { call } = this
    const iterator = new BigInt64Array(1)
    let status = call.iteratorCreate(iterator, ...what)
    if (status !== 0) return status
    for (let i = 0; i < choice && status === 0; i++) status = call.iteratorNext(iterator[0])
    if (status === 0) out[0] = BigInt(call.iteratorFetch(iterator[0]))
    call.iteratorDestroy(iterator[0])
    return status
  }

  private operation(desc: Uint8Array, spec: Exclude<PrimitiveSpec, { kind: 'reorder' }>): number {
    const { call, constants } = this
    switch (spec.kind) {
      case 'convolutionForward':
      case 'convolutionBackwardData':
      case 'convolutionBackwardWeights':
        return this.convolution(desc, spec)
      case 'poolingForward':
      case 'poolingBackward':
        return this.pooling(desc, spec)
      case 'batchNormForward':
        return call.batchNormForward(
          desc,
          propKind.forwardTraining,
          spec.data.handle,
          spec.epsilon,
          normalisationFlags(constants, spec.givenStatistics),
        )
      case 'batchNormBackward':
        return call.batchNormBackward(
          desc,
          propKind.backward,
          spec.data.handle,
          spec.data.handle,
          spec.epsilon,
          normalisationFlags(constants, spec.givenStatistics),
        )
      case 'matmul':
        return call.matmul(desc, spec.src.handle, spec.weights.handle, spec.bias?.handle ?? null, spec.dst.handle)
      case 'eltwiseForward':
        return call.eltwiseForward(
          desc,
          propKind.forwardTraining,
          constants.eltwise[spec.algorithm],
          spec.data.handle,
          spec.alpha ?? 0,
          spec.beta ?? 0,
        )
      case 'eltwiseBackward':
        return call.eltwiseBackward(
          desc,
          eltwiseFromOutput[spec.algorithm],
          spec.gradient.handle,
          spec.data.handle,
          0,
          0,
        )
      case 'softmax':
        return call.softmax(
          desc,
          propKind.forwardInference,
          accurateSoftmax,
          spec.data.handle,
          spec.data.handle,
          spec.axis,
        )
      case 'binary':
        return call.binary(desc, binaryKind[spec.algorithm], spec.a.handle, spec.b.handle, spec.dst.handle)
      case 'sumReduction':
        return call.reduction(desc, sumReduction, spec.src.handle, spec.dst.handle, 0, 0)
    }
  }

  private convolution(desc: Uint8Array, spec: ConvolutionSpec): number {
    const { call } = this
    const { src, weights, bias, dst } = spec
    const algorithm = convolutionKind[spec.algorithm ?? 'direct']
    const window = [int64(spec.strides), int64(spec.paddingBefore), int64(spec.paddingAfter)]
    if (spec.kind === 'convolutionBackwardData')
      return call.convolutionBackwardData(desc, algorithm, src.handle, weights.handle, dst.handle, ...window)
    const operands = [src.handle, weights.handle, bias?.handle ?? null, dst.handle]
    if (spec.kind === 'convolutionBackwardWeights')
      return call.convolutionBackwardWeights(desc, algorithm, ...operands, ...window)
    const prop = spec.training ? propKind.forwardTraining : propKind.forwardInference
    return call.convolutionForward(desc, prop, algorithm, ...operands, ...window)
  }

  private pooling(desc: Uint8Array, spec: PoolingSpec): number {
    const { call } = this
    const rest = [
      poolingKind[spec.algorithm],
      spec.src.handle,
      spec.dst.handle,
      ...[spec.strides, spec.kernel, spec.paddingBefore, spec.paddingAfter].map(int64),
    ]
    if (spec.kind === 'poolingBackward') return call.poolingBackward(desc, ...rest)
    return call.poolingForward(desc, spec.training ? propKind.forwardTraining : propKind.forwardInference, ...rest)
  }

  private expectSuccess(status: number): void {
    if (status !== 0) throw new Error(`a memory descriptor was refused with status ${status}`)
  }
}

function functionsOf(library: LibraryHandle) {
  const status = (name: string, types: string[]) => library.func(`dnnl_${name}`, 'int', types)
  const pointers = (count: number) => Array<string>(count).fill('void *')
  return {
    descByStrides: status('memory_desc_init_by_strides', ['void *', 'int', 'void *', 'int', 'void *']),
    descByTag: status('memory_desc_init_by_tag', ['void *', 'int', 'void *', 'int', 'int']),
    appendSum: status('post_ops_append_sum', ['uintptr_t', 'float']),
    appendEltwise: status('post_ops_append_eltwise', ['uintptr_t', 'float', 'int', 'float', 'float']),
    primitiveDesc: status('primitive_desc_create', ['void *', 'void *', 'uintptr_t', 'uintptr_t', 'uintptr_t']),
    iteratorCreate: status('primitive_desc_iterator_create', [
      'void *',
      'void *',
      'uintptr_t',
      'uintptr_t',
      'uintptr_t',
    ]),
    iteratorNext: status('primitive_desc_iterator_next', ['uintptr_t']),
    iteratorFetch: library.func('dnnl_primitive_desc_iterator_fetch', 'uintptr_t', ['uintptr_t']),
    iteratorDestroy: status('primitive_desc_iterator_destroy', ['uintptr_t']),
    reorder: status('reorder_primitive_desc_create', [
      'void *',
      'void *',
      'uintptr_t',
      'void *',
      'uintptr_t',
      'uintptr_t',
    ]),
    matmul: status('matmul_desc_init', pointers(5)),
    eltwiseForward: status('eltwise_forward_desc_init', ['void *', 'int', 'int', 'void *', 'float', 'float']),
    eltwiseBackward: status('eltwise_backward_desc_init', ['void *', 'int', 'void *', 'void *', 'float', 'float']),
    softmax: status('softmax_v2_forward_desc_init', ['void *', 'int', 'int', 'void *', 'void *', 'int']),
    binary: status('binary_desc_init', ['void *', 'int', ...pointers(3)]),
    reduction: status('reduction_desc_init', ['void *', 'int', 'void *', 'void *', 'float', 'float']),
    batchNormForward: status('batch_normalization_forward_desc_init', ['void *', 'int', 'void *', 'float', 'uint']),
    batchNormBackward: status('batch_normalization_backward_desc_init', [
      'void *',
      'int',
      ...pointers(2),
      'float',
      'uint',
    ]),
    convolutionForward: status('convolution_forward_desc_init', ['void *', 'int', 'int', ...pointers(7)]),
    convolutionBackwardData: status('convolution_backward_data_desc_init', ['void *', 'int', ...pointers(6)]),
    convolutionBackwardWeights: status('convolution_backward_weights_desc_init', ['void *', 'int', ...pointers(7)]),
    poolingForward: status('pooling_forward_desc_init', ['void *', 'int', 'int', ...pointers(6)]),
    poolingBackward: status('pooling_backward_desc_init', ['void *', 'int', ...pointers(6)]),
  }
}
