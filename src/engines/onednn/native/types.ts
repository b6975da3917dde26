/** Memory as oneDNN describes it: shape, type and layout. The bytes (2.x) or the handle (3.x) are oneDNN's own affair. */
export interface MemoryDesc {
  readonly handle: Uint8Array | bigint
}

/** A prepared way to run one primitive, from which a primitive is made. */
export interface PrimitiveDesc {
  readonly handle: bigint
}

export type NativeType = 'float32' | 'bfloat16' | 'int32' | 'uint8'

export const bytesPerValue: Readonly<Record<NativeType, number>> = { float32: 4, bfloat16: 2, int32: 4, uint8: 1 }

export type EltwiseKind = 'relu' | 'tanh' | 'square' | 'linear' | 'pow'
export type BinaryKind = 'add' | 'mul' | 'div'
/** `average` counts what lies inside the picture, `averageOfWindow` the padding too. */
export type PoolingKind = 'max' | 'average' | 'averageOfWindow'

/** What is done to a primitive's result before it is written, in order. */
export type PostOp =
  /** x ↦ f(x). `linear`: αx + β; `pow`: αx^β. */
  | { readonly kind: 'eltwise'; readonly algorithm: EltwiseKind; readonly alpha?: number; readonly beta?: number }
  /** x ↦ x ∘ operand; a single value is repeated. The operand is given at execution. */
  | { readonly kind: 'binary'; readonly algorithm: BinaryKind; readonly operand: MemoryDesc }
  /** x ↦ x + scale · (what the destination held before). */
  | { readonly kind: 'sum'; readonly scale: number }

/** `winograd`: fewer multiplications, and sums that are rounded more often. */
export type ConvolutionKind = 'direct' | 'winograd'

interface Window {
  readonly strides: readonly number[]
  readonly paddingBefore: readonly number[]
  readonly paddingAfter: readonly number[]
}

export interface ConvolutionSpec extends Window {
  readonly kind: 'convolutionForward' | 'convolutionBackwardData' | 'convolutionBackwardWeights'
  readonly training: boolean
  /** Default: direct. */
  readonly algorithm?: ConvolutionKind
  /** The pictures, or their gradient. */
  readonly src: MemoryDesc
  /** The weights, or their gradient. */
  readonly weights: MemoryDesc
  /** The bias, or its gradient. */
  readonly bias?: MemoryDesc
  /** The output, or its gradient. */
  readonly dst: MemoryDesc
  readonly postOps?: readonly PostOp[]
  /** The forward convolution that a backward one belongs to. */
  readonly forward?: PrimitiveDesc
}

export interface PoolingSpec extends Window {
  readonly kind: 'poolingForward' | 'poolingBackward'
  readonly algorithm: PoolingKind
  readonly training: boolean
  readonly kernel: readonly number[]
  readonly src: MemoryDesc
  readonly dst: MemoryDesc
  readonly forward?: PrimitiveDesc
  readonly postOps?: readonly PostOp[]
}

export interface MatmulSpec {
  readonly kind: 'matmul'
  readonly src: MemoryDesc
  readonly weights: MemoryDesc
  readonly bias?: MemoryDesc
  readonly dst: MemoryDesc
  readonly postOps?: readonly PostOp[]
}

export interface BatchNormSpec {
  readonly kind: 'batchNormForward' | 'batchNormBackward'
  readonly epsilon: number
  /** Mean and variance are given; else they are those of `data`, and the forward primitive tells them. */
  readonly givenStatistics: boolean
  /** What is normalised, its result and their gradients, which all have this layout. */
  readonly data: MemoryDesc
  readonly forward?: PrimitiveDesc
}

/** What oneDNN can be asked to do. */
export type PrimitiveSpec =
  | ConvolutionSpec
  | PoolingSpec
  | BatchNormSpec
  | MatmulSpec
  | {
      readonly kind: 'eltwiseForward'
      readonly algorithm: EltwiseKind
      readonly alpha?: number
      readonly beta?: number
      readonly data: MemoryDesc
    }
  | {
      /** The gradient from the *output* of relu or tanh. */
      readonly kind: 'eltwiseBackward'
      readonly algorithm: 'relu' | 'tanh'
      readonly data: MemoryDesc
      readonly gradient: MemoryDesc
    }
  | { readonly kind: 'softmax'; readonly data: MemoryDesc; readonly axis: number }
  | {
      readonly kind: 'binary'
      readonly algorithm: BinaryKind
      readonly a: MemoryDesc
      readonly b: MemoryDesc
      readonly dst: MemoryDesc
      readonly postOps?: readonly PostOp[]
    }
  | { readonly kind: 'sumReduction'; readonly src: MemoryDesc; readonly dst: MemoryDesc }
  | { readonly kind: 'reorder'; readonly src: MemoryDesc; readonly dst: MemoryDesc }

/** The roles of memory in an execution (DNNL_ARG_…), with the numbers that oneDNN gives them. */
export const argument = {
  src: 1,
  src1: 2,
  dst: 17,
  weights: 33,
  bias: 41,
  mean: 49,
  variance: 50,
  /** The same two, where they are what a forward normalisation writes. */
  meanResult: 49,
  varianceResult: 50,
  scale: 51,
  shift: 52,
  workspace: 64,
  scratchpad: 80,
  diffSrc: 129,
  diffDst: 145,
  diffWeights: 161,
  diffBias: 169,
  diffScale: 255,
  diffShift: 256,
} as const

/** An argument of an execution: a role, or the operand of the n-th post-op. */
export type ArgumentRole = keyof typeof argument | { readonly postOp: number }

export type DescQuery = 'src' | 'diffSrc' | 'weights' | 'diffWeights' | 'dst' | 'diffDst' | 'workspace' | 'scratchpad'
