import { AlexNetError } from '../errors.js'
import { sizeOf } from '../tensor.js'
import { corrupt } from './pytorch/corrupt.js'
import { readPickle } from './pytorch/pickle.js'
import { PickleFunction, type PickleObject } from './pytorch/pickle-machine.js'
import { StandIn } from './pytorch/stand-in.js'

/** An array of NumPy from a pickle. Its bytes are those of the file. */
export class NumpyArray implements PickleObject {
  shape: readonly number[] = []
  /** As NumPy writes it: `u1`, `<f4`. */
  dtype = ''
  bytes: Uint8Array = new Uint8Array()

  /** (version, shape, dtype, whether columns come first, bytes) */
  build(state: unknown): void {
    const [, shape, dtype, isFortran, data] = Array.isArray(state) ? (state as unknown[]) : []
    if (isFortran !== false) throw corrupt('an array of the pickle has its columns first')
    this.fill(shape, dtype, data)
  }

  fill(shape: unknown, dtype: unknown, data: unknown): void {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
    if (!(bytes instanceof Uint8Array && dtype instanceof NumpyType && isShape(shape)))
      throw corrupt('an array of the pickle is not described as NumPy does')
    this.shape = shape
    this.dtype = dtype.name
    this.bytes = bytes
    if (/^[|<>=]?[ui]1$/.test(dtype.name) && sizeOf(shape) !== bytes.length)
      throw corrupt(`an array of ${shape.join('×')} has ${bytes.length} bytes`)
  }
}

class NumpyType implements PickleObject {
  constructor(readonly name: string) {}

  /** The order of bytes, which bytes do not have. */
  build(): void {}
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

const reconstruct = new PickleFunction(() => new NumpyArray())
const fromBuffer = new PickleFunction(([data, dtype, shape]) => {
  const array = new NumpyArray()
  array.fill(shape, dtype, data)
  return array
})

/** NumPy's own names, before and since its version 2, and how Python 3 writes bytes by an old protocol. */
const globals = new Map<string, unknown>([
  ...['numpy.core', 'numpy._core'].flatMap((module): [string, unknown][] => [
    [`${module}.multiarray._reconstruct`, reconstruct],
    [`${module}.numeric._frombuffer`, fromBuffer],
  ]),
  ['numpy.dtype', new PickleFunction(([name]) => new NumpyType(String(name)))],
  ['_codecs.encode', new PickleFunction(([text]) => Uint8Array.from(String(text), (letter) => letter.charCodeAt(0)))],
])

/**
 * Reads a pickle of Python that holds a dict of lists and NumPy arrays, without running anything: see `readPickle`.
 * @returns What lies under each key that is a text.
 * @throws AlexNetError `corrupt-data`
 */
export function readNumpyDict(bytes: Uint8Array): ReadonlyMap<string, unknown> {
  try {
    const { value } = readPickle(bytes, 0, {
      globals,
      unknown: (name) => new StandIn(name),
      persistent: () => null,
    })
    if (!(value instanceof Map)) throw corrupt('the pickle holds no dict')
    const entries = [...(value as ReadonlyMap<unknown, unknown>)]
    // Python 3 has keys of bytes where it has read a file of Python 2.
    return new Map(
      entries.map(([key, item]) => [key instanceof Uint8Array ? new TextDecoder().decode(key) : String(key), item]),
    )
  } catch (error) {
    if (!(error instanceof AlexNetError)) throw error
    throw new AlexNetError(error.code, error.message.replace('PyTorch file: ', ''), error.hint, { cause: error })
  }
}
