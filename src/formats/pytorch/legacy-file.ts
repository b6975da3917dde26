import { corrupt, described } from './corrupt.js'
import { torchPickle } from './globals.js'
import { readPickle } from './pickle.js'
import { storageElementBytes } from './storage.js'
import type { TorchFile } from './torch-file.js'

/** What every legacy file begins with. */
const MAGIC = 0x1950a86a20f9469cfc6cn
const PROTOCOL = 1001

/**
 * The format before PyTorch 1.6 (`_use_new_zipfile_serialization=False`): pickles one after the other (a magic number, the
 * protocol, facts of the machine, the object, the storages' keys), then each storage as its number of elements and the
 * elements.
 */
export function readLegacyFile(bytes: Uint8Array): TorchFile {
  let at = 0
  const next = (): unknown => {
    const { value, end } = readPickle(bytes, at, options)
    at = end
    return value
  }
  const types = new Map<string, string>()
  const torch = torchPickle()
  const options = {
    ...torch,
    persistent: (id: unknown) => {
      const storage = torch.persistent(id) as { key: string; type: string }
      types.set(storage.key, storage.type)
      return storage
    },
  }

  const magic = next()
  if (magic !== MAGIC) throw corrupt(`it begins with ${described(magic)}, expected PyTorch's magic number`)
  const protocol = next()
  if (protocol !== PROTOCOL) throw corrupt(`expected protocol ${PROTOCOL}, got ${described(protocol)}`)
  const machine = next()
  if (machine instanceof Map && machine.get('little_endian') === false)
    throw corrupt('it was written by a big-endian machine', 'Save it again on another machine.')
  const value = next()
  const keys = next()
  if (!Array.isArray(keys)) throw corrupt(`expected the list of storages, got ${described(keys)}`)

  const storages = new Map<string, Uint8Array>()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (const key of keys) {
    const type = types.get(key as string)
    if (type === undefined) throw corrupt(`no tensor has the storage ${described(key)}`)
    if (bytes.length - at < 8) throw corrupt(`the data end before storage ${described(key)}`)
    const size = Number(view.getBigUint64(at, true)) * storageElementBytes(type)
    at += 8
    if (size > bytes.length - at)
      throw corrupt(`storage ${described(key)} declares ${size} bytes, ${bytes.length - at} are left`)
    storages.set(key as string, bytes.subarray(at, at + size))
    at += size
  }
  return { value, storage: (key) => storages.get(key) }
}
