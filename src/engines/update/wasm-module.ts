/**
 * Writes WebAssembly modules of functions over one imported memory, in so much of the binary format as loops over
 * arrays need (https://webassembly.github.io/spec/core/binary/).
 */

export const valueType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const
export type ValueType = keyof typeof valueType

/** A function without results. */
export interface WasmFunction {
  readonly parameters: readonly ValueType[]
  /** Variables beside the parameters, all of them vectors: they are numbered after the parameters. */
  readonly vectors: number
  readonly body: readonly number[]
}

export interface MemoryLimits {
  /** In pages of 64 KiB. It does not grow. */
  readonly pages: number
  readonly shared: boolean
}

/** The functions are exported as `f0`, `f1`, …; the memory is imported as `memory` of the module `env`. */
export function wasmModule(functions: readonly WasmFunction[], memory: MemoryLimits): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...vector(parameters.map((type) => [valueType[type]])), 0])
  const limits = [memory.shared ? 3 : 1, ...unsigned(memory.pages), ...unsigned(memory.pages)]
  const bodies = functions.map(({ vectors, body }) => {
    const code = [...vector([[...unsigned(vectors), valueType.v128]]), ...body, END]
    return [...unsigned(code.length), ...code]
  })
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([[...name('env'), ...name('memory'), 2, ...limits]])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(functions.map((_, i) => [...name(functionName(i)), 0, ...unsigned(i)]))),
    ...section(10, vector(bodies)),
  ])
}

export const functionName = (index: number): string => `f${index}`

/** The instruction that ends a function or a loop. */
const END = 0x0b

/** Instructions, as bytes. */
export const wasm = {
  get: (local: number) => [0x20, ...unsigned(local)],
  set: (local: number) => [0x21, ...unsigned(local)],
  tee: (local: number) => [0x22, ...unsigned(local)],
  i32: (value: number) => [0x41, ...signed(value)],
  f32: (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  addI32: [0x6a],
  /** Repeats `body` while it leaves something other than 0. */
  loop: (body: readonly number[]) => [0x03, 0x40, ...body, 0x0d, 0, END],
  /** Four float32 at an address that is a multiple of 16. */
  load: (offset: number) => [0xfd, 0x00, 4, ...unsigned(offset)],
  store: (offset: number) => [0xfd, 0x0b, 4, ...unsigned(offset)],
  splat: [0xfd, 0x13],
  add: [0xfd, 0xe4, 0x01],
  multiply: [0xfd, 0xe6, 0x01],
  divide: [0xfd, 0xe7, 0x01],
  squareRoot: [0xfd, 0xe3, 0x01],
} as const

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()]
}

function name(text: string): number[] {
  return vector(Array.from(new TextEncoder().encode(text), (byte) => [byte]))
}

/** LEB128 */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const byte = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? byte | 128 : byte)
  } while (rest > 0)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const byte = rest & 127
    rest >>= 7
    const isLast = (rest === 0 && (byte & 64) === 0) || (rest === -1 && (byte & 64) !== 0)
    bytes.push(isLast ? byte : byte | 128)
    if (isLast) return bytes
  }
}
