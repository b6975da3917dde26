import { float32, type Tensor } from '../../tensor.js'
import { readLegacyFile } from './legacy-file.js'
import { findStateDict } from './state-dict.js'
import { StorageReader } from './storage.js'
import { readZipFile } from './zip-file.js'

/** True for bytes that begin as a file of `torch.save` in its present format, a zip. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4
}

/**
 * Reads the weights of a PyTorch file (`.pth`, `.pt`), in its present format and in the one before 1.6: a state_dict, or
 * a checkpoint that holds one under `state_dict`, `model` and the like. Nothing in the file can run code.
 *
 * float64, float16 and bfloat16 become float32. Tensors of float32 share the memory of `bytes` where it is aligned, as it
 * is in the present format: 244 MB are read without a copy.
 *
 * @throws AlexNetError `corrupt-data` for a damaged file, and for one that names anything but tensors and dicts.
 * @example const { 'features.0.weight': weight } = decodePytorch(await readFile('alexnet.pth'))
 */
export function decodePytorch(bytes: Uint8Array): Readonly<Record<string, Tensor<'float32'>>> {
  // A plain view of what may be Node's Buffer, whose parts would be Buffers too.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const { value, storage } = isZip(file) ? readZipFile(file) : readLegacyFile(file)
  const reader = new StorageReader(storage, file.length)
  const tensors: Record<string, Tensor<'float32'>> = {}
  for (const [name, view] of findStateDict(value)) tensors[name] = float32(view.shape, reader.read(name, view))
  return tensors
}
