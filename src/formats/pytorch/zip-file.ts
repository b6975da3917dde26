import { corrupt } from './corrupt.js'
import { torchPickle } from './globals.js'
import { readPickle } from './pickle.js'
import { readStoredEntries, readZipDirectory } from './stored-zip.js'
import type { TorchFile } from './torch-file.js'

/** The format since PyTorch 1.6: a zip with `NAME/data.pkl`, and each storage in `NAME/data/KEY`. */
export function readZipFile(bytes: Uint8Array): TorchFile {
  const directory = readZipDirectory(bytes)
  if (directory.entries.some(({ name }) => /^[^/]+\/constants\.pkl$/.test(name)))
    throw corrupt(
      'it is a TorchScript program, expected weights',
      'Save the weights alone: torch.save(model.state_dict(), FILE).',
    )
  const entries = readStoredEntries(bytes, directory)
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name))
  if (pickles.length !== 1) throw corrupt(`expected one data.pkl in the zip, got ${pickles.length}`)
  const folder = pickles[0].slice(0, -'data.pkl'.length)
  const order = entries.get(`${folder}byteorder`)
  if (order && new TextDecoder().decode(order) !== 'little')
    throw corrupt('it was written by a big-endian machine', 'Save it again on another machine.')
  const { value } = readPickle(entries.get(pickles[0])!, 0, torchPickle())
  return { value, storage: (key) => entries.get(`${folder}data/${key}`) }
}
