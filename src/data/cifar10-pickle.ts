import { AlexNetError } from '../errors.js'
import { NumpyArray, readNumpyDict } from '../formats/numpy-pickle.js'
import { type Cifar10File, type Cifar10Records, cifar10Classes, PICTURE } from './cifar10.js'

/**
 * Reads one file of the Python version of CIFAR-10: a pickle with `data` (N, 3072), whose rows are those of the binary
 * version, and `labels`. Nothing in it can run.
 *
 * @throws AlexNetError `corrupt-data`
 */
export function parseCifar10Pickle({ name, bytes }: Cifar10File): Cifar10Records {
  try {
    const content = readNumpyDict(bytes)
    if (content.has('fine_labels')) throw new Error('it is of CIFAR-100, expected CIFAR-10')
    const data = content.get('data')
    const labels = labelsOf(content.get('labels'))
    if (!(data instanceof NumpyArray) || !data.isBytes || data.shape.length !== 2 || data.shape[1] !== PICTURE)
      throw new Error(`expected data of N×${PICTURE} bytes`)
    const [count] = data.shape
    if (count === 0 || labels.length !== count)
      throw new Error(`expected a label for each of ${count} pictures, got ${labels.length}`)
    const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < cifar10Classes.length))
    if (wrong >= 0)
      throw new Error(`picture ${wrong} has label ${labels[wrong]}, expected 0–${cifar10Classes.length - 1}`)
    return { images: data.bytes, labels: Uint16Array.from(labels) }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new AlexNetError('corrupt-data', `${name}: ${error.message}`, 'Download CIFAR-10 again.', { cause: error })
  }
}

function labelsOf(value: unknown): readonly number[] {
  if (Array.isArray(value) && value.every((label) => typeof label === 'number')) return value
  if (value instanceof NumpyArray && value.isBytes) return [...value.bytes]
  throw new Error('expected a list of labels')
}
