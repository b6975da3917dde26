import type { BinaryKind, ConvolutionKind, DescQuery, EltwiseKind, NativeType, PoolingKind } from './types.js'

/** Values of oneDNN's enumerations (`dnnl_types.h`, `dnnl_common_types.h`) that are the same in 2.x and 3.x. */
export const statuses = [
  'success',
  'out of memory',
  'invalid arguments',
  'not implemented',
  'last implementation reached',
  'runtime error',
  'not required',
] as const
export const unimplemented = 3
/** Instead of an address: the library asks for the memory, and frees it. */
export const ownMemory = 0xffff_ffff_ffff_ffffn

export const dataType: Readonly<Record<NativeType, number>> = { bfloat16: 2, float32: 3, int32: 4, uint8: 6 }
export const formatAny = 1
export const cpuEngine = 1
export const inOrder = 1
export const userScratchpad = 1
export const propKind = { forwardTraining: 64, forwardInference: 96, backward: 128 } as const
export const convolutionKind: Readonly<Record<ConvolutionKind, number>> = { direct: 1, winograd: 2 }
export const poolingKind: Readonly<Record<PoolingKind, number>> = {
  max: 0x1ff,
  average: 0x3ff,
  averageOfWindow: 0x2ff,
}
export const binaryKind: Readonly<Record<BinaryKind, number>> = { add: 0x1fff0, mul: 0x1fff1, div: 0x1fff4 }
export const eltwiseFromOutput = { relu: 0x100, tanh: 0x101 } as const
export const sumReduction = 0x2fff4
export const accurateSoftmax = 0x30000
export const query: Readonly<Record<DescQuery, number>> = {
  src: 129,
  diffSrc: 130,
  weights: 131,
  diffWeights: 132,
  dst: 133,
  diffDst: 134,
  workspace: 135,
  scratchpad: 136,
}

/** What a batch normalisation is told: it scales and shifts in any case. */
export function normalisationFlags({ normalisation }: VersionConstants, givenStatistics: boolean): number {
  return normalisation.scale | normalisation.shift | (givenStatistics ? normalisation.givenStatistics : 0)
}

/** The values that changed between 2.x and 3.x. */
export interface VersionConstants {
  readonly eltwise: Readonly<Record<EltwiseKind, number>>
  /** dnnl_normalization_flags_t */
  readonly normalisation: Readonly<Record<'givenStatistics' | 'scale' | 'shift', number>>
  /** Whether a backward batch normalisation wants the shift, which it does not read. */
  readonly wantsShift: boolean
  /** DNNL_ARG_ATTR_MULTIPLE_POST_OP(0): the operand of post-op i is i + 1 times this, plus `src1`. */
  readonly postOpArgument: number
}

export const constants2: VersionConstants = {
  eltwise: { relu: 0x1f, tanh: 0x2f, square: 0x4f, linear: 0x7f, pow: 0x20 },
  normalisation: { givenStatistics: 1, scale: 8, shift: 16 },
  wantsShift: true,
  postOpArgument: 16384,
}

export const constants3: VersionConstants = {
  eltwise: { relu: 32, tanh: 33, square: 35, linear: 38, pow: 48 },
  normalisation: { givenStatistics: 1, scale: 2, shift: 4 },
  wantsShift: false,
  postOpArgument: 32768,
}
