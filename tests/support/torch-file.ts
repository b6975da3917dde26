import type { Tensors } from '../../src/tensor.js'
import { storedZip } from './stored-zip.js'

/** An object of a class that nobody here knows, with attributes: `argparse.Namespace(lr=0.1)`. */
export class PythonObject {
  constructor(
    readonly module: string,
    readonly name: string,
    readonly attributes: Readonly<Record<string, unknown>>,
  ) {}
}

/** A state_dict within a value for `torchFile`. */
export class StateDict {
  constructor(readonly tensors: Tensors) {}
}

/** A file as `torch.save(value, FILE)` writes it: dicts, texts, numbers, objects and float32 tensors in state_dicts. */
export function torchFile(value: unknown): Uint8Array {
  const storages: string[] = []
  const pickle = `\x80\x02${pickled(value, storages)}.`
  return storedZip([
    { name: 'archive/data.pkl', data: pickle },
    ...storages.map((data, key) => ({ name: `archive/data/${key}`, data })),
  ])
}

const u32 = (value: number) => String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24)
const text = (value: string) => `X${u32(Buffer.byteLength(value))}${Buffer.from(value).toString('latin1')}`
const int = (value: number) => `J${u32(value)}`
const tuple = (...values: string[]) => `(${values.join('')}t`

function pickled(value: unknown, storages: string[]): string {
  if (value === null) return 'N'
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return Number.isInteger(value) ? int(value) : `F${value}\n`
  if (value instanceof StateDict) {
    const items = Object.entries(value.tensors).map(([name, { shape, data }]) => {
      const storage = tuple(
        text('storage'),
        'ctorch\nFloatStorage\n',
        text(String(storages.length)),
        text('cpu'),
        int(data.length),
      )
      storages.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1'))
      const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
      const sizes = [shape, strides].map((list) => tuple(...list.map(int)))
      return `${text(name)}ctorch._utils\n_rebuild_tensor_v2\n(${storage}Q${int(0)}${sizes.join('')}\x89NtR`
    })
    return `ccollections\nOrderedDict\n)R(${items.join('')}u`
  }
  if (value instanceof PythonObject)
    return `c${value.module}\n${value.name}\n)\x81${pickled(value.attributes, storages)}b`
  if (typeof value === 'object')
    return `}(${Object.entries(value)
      .map(([key, item]) => text(key) + pickled(item, storages))
      .join('')}u`
  throw new Error(`the tests pickle no ${typeof value}`)
}
