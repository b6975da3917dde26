import { AlexNetError } from '../errors.js'
import { sizeOf } from '../tensor.js'
import { corrupt, described } from './pytorch/corrupt.js'
import { readPickle } from './pytorch/pickle.js'
import { PickleFunction, type PickleObject } from './pytorch/pickle-machine.js'
import { StandIn } from './pytorch/stand-in.js'

/** Turns the texts of one pickle into bytes: a short file may ask for the same long text a thousand times. */
class TextBytes {
  /** @param left The letters that may be asked for. */
  constructor(private left: number) {}

  /** @throws AlexNetError `corrupt-data` for what is no text, and for more than the file holds. */
  of(text: unknown, encode: (text: string) => Uint8Array): Uint8Array {
    if (typeof text !== 'string') throw corrupt(`the pickle has ${described(text)} for the text of bytes`)
    this.left -= text.length
    if (this.left < 0) throw corrupt('the pickle makes more bytes of its texts than it holds')
    return encode(text)
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

/** The type of bytes, as NumPy names it. */
const BYTES = /^(?:[|<>=]?u1|uint8)$/

/** NumPy's own bound. */
const MAX_AXES = 64

/** An array of NumPy from a pickle. Its bytes are those of the file. */
export class NumpyArray implements PickleObject {
  shape: readonly number[] = []
  /** As NumPy writes it: `u1`, `<f4`. */
  dtype = ''
  bytes: Uint8Array = new Uint8Array()

  constructor(private readonly texts: TextBytes) {}

  /** Whether its numbers are bytes; then there are as many as its shape says. */
  get isBytes(): boolean {
    return BYTES.test(this.dtype)
  }

  /** (version, shape, dtype, whether columns come first, bytes) */
  build(state: unknown): void {
    const [, shape, dtype, isFortran, data] = Array.isArray(state) ? (state as unknown[]) : []
    if (isFortran !== false) throw corrupt('an array of the pickle has its columns first')
    this.fill(shape, dtype, data)
  }

  fill(shape: unknown, dtype: unknown, data: unknown): void {
    const bytes = typeof data === 'string' ? this.texts.of(data, utf8) : data
    if (!(bytes instanceof Uint8Array && dtype instanceof NumpyType && isShape(shape)))
      throw corrupt('an array of the pickle is not described as NumPy does')
    this.shape = shape
    this.dtype = dtype.name
    this.bytes = bytes
    if (this.isBytes && sizeOf(shape) !== bytes.length)
      throw corrupt(`an array of ${shape.join('×')} has ${bytes.length} bytes`)
  }
}

class NumpyType implements PickleObject {
  constructor(readonly name: string) {}

  /** The order of bytes, which bytes do not have. */
  build(): void {}
}

function isShape(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length <= MAX_AXES && value.every((size) => Number.isSafeInteger(size) && size >= 0)
  )
}

/** NumPy's own names, before and since its version 2, and how Python 3 writes bytes by an old protocol. */
function globalsOf(texts: TextBytes): ReadonlyMap<string, unknown> {
  const reconstruct = new PickleFunction(() => new NumpyArray(texts))
  const fromBuffer = new PickleFunction(([data, dtype, shape]) => {
    const array = new NumpyArray(texts)
    array.fill(shape, dtype, data)
    return array
  })
  const dtype = new PickleFunction(([name]) => {
    if (typeof name !== 'string') throw corrupt(`the pickle has ${described(name)} for the name of a type`)
    return new NumpyType(name)
  })
  return new Map<string, unknown>([
    ...['numpy.core', 'numpy._core'].flatMap((module): [string, unknown][] => [
      [`${module}.multiarray._reconstruct`, reconstruct],
      [`${module}.numeric._frombuffer`, fromBuffer],
    ]),
    ['numpy.dtype', dtype],
    ['_codecs.encode', new PickleFunction(([text]) => texts.of(text, latin1))],
  ])
}

/**
 * Reads a pickle of Python that holds a dict of lists and NumPy arrays, without running anything: see `readPickle`.
 * @returns What lies under each key that is a text.
 * @throws AlexNetError `corrupt-data`
 */
export function readNumpyDict(bytes: Uint8Array): ReadonlyMap<string, unknown> {
  try {
    const { value } = readPickle(bytes, 0, {
      // Each text of an honest file is made into bytes once, short ones perhaps a few times.
      globals: globalsOf(new TextBytes(2 * bytes.length)),
      unknown: (name) => new StandIn(name),
      persistent: () => null,
    })
    if (!(value instanceof Map)) throw corrupt('the pickle holds no dict')
    const entries = [...(value as ReadonlyMap<unknown, unknown>)]
    // Python 3 has keys of bytes where it has read a file of Python 2.
    return new Map(
      entries.map(([key, item]) => [
        key instanceof Uint8Array ? new TextDecoder().decode(key) : typeof key === 'string' ? key : described(key),
        item,
      ]),
    )
  } catch (error) {
    if (!(error instanceof AlexNetError)) throw error
    throw new AlexNetError(error.code, error.message.replace('PyTorch file: ', ''), error.hint, { cause: error })
  }
}
