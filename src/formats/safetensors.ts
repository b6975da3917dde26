import * as z from 'zod'
import { AlexNetError } from '../errors.js'
import {
  type DType,
  float32,
  float64,
  formatShape,
  int32,
  type Shape,
  sizeOf,
  type Tensor,
  type Tensors,
  uint8,
} from '../tensor.js'
import { firstDuplicateKey } from './duplicate-key.js'
import { aligned, floatsOf, narrowToFloat16 } from './floats.js'
import { quoted } from './quoted.js'

/**
 * # Safetensors
 *
 * Hugging Face's file of named tensors, which many programs read and which, unlike PyTorch's own, holds no code:
 *
 *     8 bytes       the header's length n, little-endian
 *     n bytes       JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …,
 *                   "__metadata__": {"key": "text"}}, filled up with spaces
 *     the rest      the tensors, little-endian, row-major; offsets count from here and leave no hole
 *
 * Typed arrays have the byte order of the machine: little-endian wherever an engine of this project runs.
 */

/** What a file holds. */
export interface Safetensors {
  readonly tensors: Tensors
  readonly metadata: Readonly<Record<string, string>>
}

const LENGTH_BYTES = 8
/** The limit of Hugging Face's own reader. */
const MAX_HEADER_BYTES = 100_000_000
const METADATA = '__metadata__'

/** How each dtype of a tensor is written. */
const CODES: Readonly<Record<DType, string>> = { float64: 'F64', float32: 'F32', int32: 'I32', uint8: 'U8' }

/**
 * How each dtype of a file is read. Half precision becomes float32, exactly; whole numbers of 64 bits, which count batches,
 * become int32; the rest needs no conversion.
 */
const READERS: Readonly<Record<string, { elementBytes: number; read: (bytes: Uint8Array, shape: Shape) => Tensor }>> = {
  F64: { elementBytes: 8, read: (bytes, shape) => float64(shape, new Float64Array(...aligned(bytes, 8))) },
  F32: { elementBytes: 4, read: (bytes, shape) => float32(shape, new Float32Array(...aligned(bytes, 4))) },
  F16: { elementBytes: 2, read: (bytes, shape) => float32(shape, floatsOf(bytes, 'float16')) },
  BF16: { elementBytes: 2, read: (bytes, shape) => float32(shape, floatsOf(bytes, 'bfloat16')) },
  I64: {
    elementBytes: 8,
    read: (bytes, shape) => int32(shape, Int32Array.from(new BigInt64Array(...aligned(bytes, 8)), Number)),
  },
  I32: { elementBytes: 4, read: (bytes, shape) => int32(shape, new Int32Array(...aligned(bytes, 4))) },
  U8: { elementBytes: 1, read: (bytes, shape) => uint8(shape, bytes) },
}

const count = z.number().int().nonnegative()
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
})
const metadataSchema = z.record(z.string(), z.string())

/**
 * Tensors as the bytes of a file.
 * @throws AlexNetError `invalid-setting` for a tensor or a key of the metadata that cannot have its name.
 */
export function encodeSafetensors(tensors: Tensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const parts = safetensorsParts(tensors, metadata)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/**
 * The bytes of a file in parts, to be written one after the other: the header, then each tensor's own memory. Nothing is
 * copied, so a checkpoint of 488 MB needs no second 488 MB; write the parts before the tensors change.
 *
 * @param halves Names of float32 tensors that are written as float16, which takes half the room and keeps three digits.
 */
export function safetensorsParts(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
  halves: ReadonlySet<string> = new Set(),
): Uint8Array[] {
  for (const name of [...Object.keys(tensors), ...Object.keys(metadata)])
    if (name === METADATA || name === '__proto__')
      throw new AlexNetError('invalid-setting', `safetensors: '${name}' cannot be a name`)

  const stored = Object.entries(tensors).map(([name, tensor]) => ({ name, ...storedAs(tensor, halves.has(name)) }))
  // Larger elements come first, so that each tensor starts at a multiple of its element's size and can be read in place.
  const inOrder = stored.toSorted((a, b) => READERS[b.dtype].elementBytes - READERS[a.dtype].elementBytes)
  const offsets = new Map<string, [number, number]>()
  let end = 0
  for (const { name, data } of inOrder) {
    offsets.set(name, [end, end + data.byteLength])
    end += data.byteLength
  }

  const entries = stored.map(({ name, dtype, shape }) => [name, { dtype, shape, data_offsets: offsets.get(name) }])
  const hasMetadata = Object.keys(metadata).length > 0
  const json = new TextEncoder().encode(
    JSON.stringify({ ...(hasMetadata && { [METADATA]: metadata }), ...Object.fromEntries(entries) }),
  )
  const header = new Uint8Array(LENGTH_BYTES + Math.ceil(json.length / 8) * 8).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - LENGTH_BYTES), true)
  header.set(json, LENGTH_BYTES)
  return [header, ...inOrder.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]
}

/** How a tensor lies in a file. */
function storedAs({ dtype, shape, data }: Tensor, half: boolean) {
  return half ? { dtype: 'F16', shape, data: narrowToFloat16(data) } : { dtype: CODES[dtype], shape, data }
}

/**
 * Reads the bytes of a file: dtypes F64, F32, I32 and U8, the halves F16 and BF16 as float32, and I64 as int32. Tensors share the
 * memory of `bytes` where it is aligned, which it is in files that were written by this project.
 * @throws AlexNetError `corrupt-data` when anything is not as the format says.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  // A plain view of what may be Node's Buffer, whose parts would be Buffers too.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = readHeader(file)
  const data = file.subarray(LENGTH_BYTES + header.length)
  const tensors: Record<string, Tensor> = {}
  const ranges: { readonly name: string; readonly begin: number; readonly end: number }[] = []
  let metadata: Safetensors['metadata'] = {}

  for (const [name, value] of Object.entries(header.json)) {
    expectCanonical(name)
    if (name === METADATA) {
      metadata = readMetadata(value)
      continue
    }
    const entry = entrySchema.safeParse(value)
    if (!entry.success) throw corrupt(`tensor ${quoted(name)}`, '{dtype, shape, data_offsets}', quoted(value))
    const { dtype, shape, data_offsets } = entry.data
    const [begin, end] = data_offsets
    const reader = Object.hasOwn(READERS, dtype) ? READERS[dtype] : undefined
    if (!reader) throw corrupt(`tensor ${quoted(name)}`, `dtype ${Object.keys(READERS).join(', ')}`, quoted(dtype))
    if (begin > end || end > data.length)
      throw corrupt(`tensor ${quoted(name)}`, `offsets within ${data.length} bytes`, `${begin} to ${end}`)
    const size = sizeOf(shape) * reader.elementBytes
    if (end - begin !== size)
      throw corrupt(`tensor ${quoted(name)}`, `${size} bytes for ${dtype} ${formatShape(shape)}`, `${end - begin}`)
    ranges.push({ name, begin, end })
    tensors[name] = reader.read(data.subarray(begin, end), shape)
  }
  expectNoHoles(ranges, data.length)
  return { tensors, metadata }
}

/**
 * Reads the metadata alone, for which the beginning of a file is enough: its first 8 bytes say how long the header is.
 * @throws AlexNetError `corrupt-data` when the header is not as the format says, or is not there as a whole.
 */
export function decodeSafetensorsMetadata(beginning: Uint8Array): Safetensors['metadata'] {
  const { json } = readHeader(beginning)
  return METADATA in json ? readMetadata(json[METADATA]) : {}
}

function readHeader(bytes: Uint8Array): { readonly length: number; readonly json: object } {
  if (bytes.length < LENGTH_BYTES) throw corrupt('file', `at least ${LENGTH_BYTES} bytes`, `${bytes.length}`)
  const room = Math.min(bytes.length - LENGTH_BYTES, MAX_HEADER_BYTES)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > room) throw corrupt('header', `at most ${room} bytes`, `${length}`)
  let text: string
  let json: unknown
  try {
    const bytesOfText = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOfText)
    json = JSON.parse(text)
  } catch (error) {
    throw corrupt('header', 'JSON', 'something else', error)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw corrupt('header', 'a JSON object', quoted(json))
  const duplicate = firstDuplicateKey(text)
  if (duplicate !== undefined) throw corrupt('header', 'each name once', `${quoted(duplicate)} twice`)
  return { length, json }
}

function readMetadata(value: unknown): Safetensors['metadata'] {
  if (typeof value === 'object' && value !== null) for (const key of Object.keys(value)) expectCanonical(key)
  const parsed = metadataSchema.safeParse(value)
  if (!parsed.success) throw corrupt(METADATA, 'texts by name', quoted(value))
  return parsed.data
}

/** Every byte belongs to exactly one tensor. */
function expectNoHoles(ranges: readonly { name: string; begin: number; end: number }[], length: number): void {
  let covered = 0
  for (const { name, begin, end } of ranges.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered)
      throw corrupt(
        `tensor ${quoted(name)}`,
        `a start at ${covered}`,
        `${begin} (${begin < covered ? 'it overlaps another' : 'a hole'})`,
      )
    covered = end
  }
  if (covered !== length) throw corrupt('data', `${covered} bytes`, `${length}`)
}

/** `__proto__` is no key like others in JavaScript: a tensor of that name would be lost, or worse. */
function expectCanonical(name: string): void {
  if (name === '__proto__') throw corrupt('header', 'names of tensors', quoted(name))
}

function corrupt(what: string, expected: string, got: string, cause?: unknown): AlexNetError {
  return new AlexNetError(
    'corrupt-data',
    `safetensors: ${what}: expected ${expected}, got ${got}`,
    'The file is damaged, cut off or of another format.',
    { cause },
  )
}
