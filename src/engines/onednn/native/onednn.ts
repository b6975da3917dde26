import type { LibraryHandle } from '#koffi'
import koffi from '#koffi'
import { AlexNetError, messageOf } from '../../../errors.js'
import { binaryKind, cpuEngine, dataType, inOrder, ownMemory, query, statuses, userScratchpad } from './constants.js'
import { findLibrary } from './library.js'
import {
  type ArgumentRole,
  argument,
  type DescQuery,
  type MemoryDesc,
  type NativeType,
  type PostOp,
  type PrimitiveDesc,
  type PrimitiveSpec,
} from './types.js'
import { int64, type VersionLayer } from './version-layer.js'
import { Version2 } from './version2.js'
import { Version3 } from './version3.js'

/**
 * oneDNN, typed: the same for 2.x and 3.x. All calls block. Whoever makes an object destroys it.
 *
 * oneDNN belongs to the thread that loads it here: its OpenMP threads are that thread's.
 */
export class OneDnn {
  readonly version: string
  /** The instruction set that it uses, `avx512_core_bf16`, say. */
  readonly instructionSet: string
  /** Whether the processor has instructions for bfloat16. (oneDNN imitates them elsewhere, slowly.) */
  readonly computesBfloat16: boolean
  private readonly engine: bigint
  private readonly stream: bigint
  private readonly layer: VersionLayer
  private readonly call: ReturnType<typeof functionsOf>

  private constructor(
    readonly file: string,
    library: LibraryHandle,
  ) {
    this.call = functionsOf(library)
    const { major, text } = versionOf(library)
    this.version = text
    this.layer = major === 2 ? new Version2(library) : new Version3(library)
    // Its cache takes descriptions for equal that differ in a row's stride, and so hands out a primitive that needs more
    // scratch memory than was asked for and given.
    this.check('primitive cache', this.call.setCacheCapacity(0))
    const isa = this.call.effectiveIsa()
    this.instructionSet = instructionSetName(isa)
    const out = new BigInt64Array(1)
    this.check('engine', this.call.engineCreate(out, cpuEngine, 0))
    this.engine = out[0]
    this.check('stream', this.call.streamCreate(out, this.engine, inOrder))
    this.stream = out[0]
    this.computesBfloat16 = process.arch === 'x64' ? includes(isa, AVX512_BF16) : this.multipliesBfloat16()
  }

  /**
   * Loads the library of this machine.
   * @throws AlexNetError `engine-unavailable`
   */
  static load(): OneDnn {
    const { file, library } = findLibrary()
    try {
      return new OneDnn(file, library)
    } catch (error) {
      if (error instanceof AlexNetError) throw error
      throw new AlexNetError('engine-unavailable', `${file} is no oneDNN that can be used: ${messageOf(error)}`)
    }
  }

  /**
   * How many processor threads the following calls use. Primitives are made for a number of threads, too. A build of
   * oneDNN that does not use OpenMP (or hides it, as on Windows) takes all there are.
   */
  setThreads(count: number): void {
    this.call.setThreads?.(count)
  }

  /** Whether a backward batch normalisation wants the shift, which it does not read. */
  get normalisationWantsShift(): boolean {
    return this.layer.constants.wantsShift
  }

  /** Memory in row-major order, or with the given distance (in values) between neighbours along each axis. */
  plain(dims: readonly number[], type: NativeType, strides = rowMajor(dims)): MemoryDesc {
    return { handle: this.layer.stridedDesc(int64(dims), dataType[type], int64(strides)) }
  }

  /** Memory whose layout the primitive may choose. */
  any(dims: readonly number[], type: NativeType): MemoryDesc {
    return { handle: this.layer.anyDesc(int64(dims), dataType[type]) }
  }

  bytesOf({ handle }: MemoryDesc): number {
    return Number(this.call.descSize(handle))
  }

  equal(a: MemoryDesc, b: MemoryDesc): boolean {
    return this.call.descEqual(a.handle, b.handle) !== 0
  }

  destroyDesc({ handle }: MemoryDesc): void {
    this.layer.destroyDesc(handle)
  }

  /**
   * Asks for the fastest way to run a primitive. Its scratch memory is given by the caller.
   * @param what Whom errors name.
   * @param choice Above 0: another of its implementations, the one that it would take next, and so on.
   * @returns undefined when oneDNN has no such implementation.
   * @throws AlexNetError `engine-failed`
   */
  describe(what: string, spec: PrimitiveSpec, choice = 0): PrimitiveDesc | undefined {
    const out = new BigInt64Array(1)
    const attributes = this.attributes(what, 'postOps' in spec ? (spec.postOps ?? []) : [])
    const status = this.layer.primitiveDesc(out, this.engine, spec, attributes, choice)
    this.call.attrDestroy(attributes)
    if (statuses[status] === 'not implemented' || statuses[status] === 'last implementation reached') return undefined
    this.check(what, status)
    return { handle: out[0] }
  }

  destroyPrimitiveDesc({ handle }: PrimitiveDesc): void {
    this.call.primitiveDescDestroy(handle)
  }

  /** The memory that a prepared primitive expects; it lives as long as the descriptor. Undefined: it takes none. */
  memoryOf({ handle }: PrimitiveDesc, what: DescQuery): MemoryDesc | undefined {
    const desc = BigInt(this.call.queryMd(handle, query[what], 0) ?? 0)
    return desc === 0n ? undefined : { handle: desc }
  }

  /** Which of its implementations oneDNN chose: `jit:avx512_core`, `brgemm:avx512_core_bf16`, `ref:any`, … */
  implementationOf({ handle }: PrimitiveDesc): string {
    const out = new BigInt64Array(1)
    this.call.primitiveDescQuery(handle, 8, 0, out)
    return koffi.decode.string(out[0])
  }

  createPrimitive(what: string, { handle }: PrimitiveDesc): bigint {
    const out = new BigInt64Array(1)
    this.check(what, this.call.primitiveCreate(out, handle))
    return out[0]
  }

  destroyPrimitive(primitive: bigint): void {
    this.call.primitiveDestroy(primitive)
  }

  /** A memory object over memory that the caller keeps alive. */
  createMemory(what: string, { handle }: MemoryDesc, address: bigint): bigint {
    const out = new BigInt64Array(1)
    this.check(what, this.call.memoryCreate(out, handle, this.engine, address))
    return out[0]
  }

  /** A memory object over memory that the library asks for, and where it lies. It is freed with the object. */
  allocate(what: string, desc: MemoryDesc): { readonly memory: bigint; readonly address: bigint } {
    const memory = this.createMemory(what, desc, ownMemory)
    const out = new BigInt64Array(1)
    this.check(what, this.call.memoryAddress(memory, out))
    return { memory, address: out[0] }
  }

  destroyMemory(memory: bigint): void {
    this.call.memoryDestroy(memory)
  }

  /** The arguments of an execution, as `execute` takes them: an array of `dnnl_exec_arg_t { int; pointer }`. */
  packArguments(memories: readonly (readonly [ArgumentRole, bigint])[]): BigInt64Array {
    return BigInt64Array.from(memories.flatMap(([role, memory]) => [BigInt(this.argumentNumber(role)), memory]))
  }

  execute(what: string, primitive: bigint, packed: BigInt64Array): void {
    const status = this.call.execute(primitive, this.stream, packed.length / 2, packed)
    if (status !== 0) this.check(what, status)
  }

  private multipliesBfloat16(): boolean {
    const desc = this.plain([64, 64], 'bfloat16')
    const product = this.describe('matmul', { kind: 'matmul', src: desc, weights: desc, dst: desc })
    const isFast = product !== undefined && !this.implementationOf(product).startsWith('ref')
    if (product) this.destroyPrimitiveDesc(product)
    this.destroyDesc(desc)
    return isFast
  }

  private argumentNumber(role: ArgumentRole): number {
    return typeof role === 'string'
      ? argument[role]
      : (this.layer.constants.postOpArgument * (role.postOp + 1)) | argument.src1
  }

  private attributes(what: string, postOps: readonly PostOp[]): bigint {
    const out = new BigInt64Array(1)
    this.check(what, this.call.attrCreate(out))
    const attributes = out[0]
    this.check(what, this.call.attrSetScratchpadMode(attributes, userScratchpad))
    if (postOps.length === 0) return attributes
    this.check(what, this.call.postOpsCreate(out))
    const list = out[0]
    for (const op of postOps)
      this.check(
        what,
        op.kind === 'sum'
          ? this.layer.appendSum(list, op.scale)
          : op.kind === 'eltwise'
            ? this.layer.appendEltwise(list, this.layer.constants.eltwise[op.algorithm], op.alpha ?? 0, op.beta ?? 0)
            : this.call.appendBinary(list, binaryKind[op.algorithm], op.operand.handle),
      )
    this.check(what, this.call.attrSetPostOps(attributes, list))
    this.call.postOpsDestroy(list)
    return attributes
  }

  private check(what: string, status: number): void {
    if (status !== 0)
      throw new AlexNetError('engine-failed', `onednn: ${what}: oneDNN says: ${statuses[status] ?? `status ${status}`}`)
  }
}

/** The distance between neighbours along each axis in row-major order. */
export function rowMajor(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1)
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * dims[axis + 1]
  return strides
}

/** The functions that both versions have in common. */
function functionsOf(library: LibraryHandle) {
  const status = (name: string, types: string[]) => library.func(`dnnl_${name}`, 'int', types)
  return {
    effectiveIsa: library.func('dnnl_get_effective_cpu_isa', 'int', []),
    // Found through the library: it is its OpenMP runtime whose threads count.
    setThreads: functionIn(library, 'omp_set_num_threads', ['int']),
    setCacheCapacity: status('set_primitive_cache_capacity', ['int']),
    engineCreate: status('engine_create', ['void *', 'int', 'size_t']),
    streamCreate: status('stream_create', ['void *', 'uintptr_t', 'int']),
    descSize: library.func('dnnl_memory_desc_get_size', 'size_t', ['void *']),
    descEqual: status('memory_desc_equal', ['void *', 'void *']),
    primitiveDescDestroy: status('primitive_desc_destroy', ['uintptr_t']),
    primitiveDescQuery: status('primitive_desc_query', ['uintptr_t', 'int', 'int', 'void *']),
    queryMd: library.func('dnnl_primitive_desc_query_md', 'uintptr_t', ['uintptr_t', 'int', 'int']),
    primitiveCreate: status('primitive_create', ['void *', 'uintptr_t']),
    primitiveDestroy: status('primitive_destroy', ['uintptr_t']),
    memoryCreate: status('memory_create', ['void *', 'void *', 'uintptr_t', 'uintptr_t']),
    memoryAddress: status('memory_get_data_handle', ['uintptr_t', 'void *']),
    memoryDestroy: status('memory_destroy', ['uintptr_t']),
    execute: status('primitive_execute', ['uintptr_t', 'uintptr_t', 'int', 'void *']),
    attrCreate: status('primitive_attr_create', ['void *']),
    attrDestroy: status('primitive_attr_destroy', ['uintptr_t']),
    attrSetScratchpadMode: status('primitive_attr_set_scratchpad_mode', ['uintptr_t', 'int']),
    attrSetPostOps: status('primitive_attr_set_post_ops', ['uintptr_t', 'uintptr_t']),
    postOpsCreate: status('post_ops_create', ['void *']),
    postOpsDestroy: status('post_ops_destroy', ['uintptr_t']),
    appendBinary: status('post_ops_append_binary', ['uintptr_t', 'int', 'void *']),
  }
}

/** A function that not every build has. */
function functionIn(library: LibraryHandle, name: string, types: string[]) {
  try {
    return library.func(name, 'void', types)
  } catch {
    return undefined
  }
}

function versionOf(library: LibraryHandle): { major: number; text: string } {
  const version = library.func('dnnl_version', 'void *', [])()
  const [major, minor, patch] = koffi.decode(version, 'int', 3) as number[]
  const text = `${major}.${minor}.${patch}`
  if (major < 2 || major > 3 || (major === 2 && minor < 6))
    throw new AlexNetError('engine-unavailable', `oneDNN ${text} cannot be used: expected 2.6 or later, or 3.x`)
  return { major, text }
}

const AVX512_BF16 = 0xe7

/** dnnl_cpu_isa_t, the part for x86-64; each includes the ones before. */
const instructionSets: readonly (readonly [number, string])[] = [
  [0xfef, 'avx10_1_512_amx'],
  [0x3e7, 'avx512_core_amx'],
  [0x1ef, 'avx512_core_fp16'],
  [AVX512_BF16, 'avx512_core_bf16'],
  [0x67, 'avx512_core_vnni'],
  [0x27, 'avx512_core'],
  [0x7, 'avx2'],
  [0x3, 'avx'],
  [0x1, 'sse41'],
]

function instructionSetName(value: number): string {
  return instructionSets.find(([bits]) => includes(value, bits))?.[1] ?? process.arch
}

const includes = (value: number, bits: number) => (value & bits) === bits
