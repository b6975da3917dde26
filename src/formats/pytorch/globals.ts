import { AlexNetError } from '../../errors.js'
import { quoted } from '../quoted.js'
import { corrupt } from './corrupt.js'
import { PickleFunction, type PickleOptions } from './pickle-machine.js'
import { StandIn } from './stand-in.js'
import { type Storage, storageTypes, TensorView } from './storage.js'
import { wholeModule } from './whole-module.js'

/** The class of a storage, as persistent ids name it. */
class StorageType {
  constructor(readonly name: string) {}
}

/** The same list may be made into a dict again and again: each time it is copied. */
const MAX_PAIRS = 100_000

/**
 * Nothing of these could run here, but no file of weights has a use for them: whoever wrote it meant to run something in
 * Python, where its reader should not open it next.
 */
const ATTACKS = [
  /^(os|posix|nt|subprocess|sys|pty|runpy|importlib|shutil|socket|ctypes|webbrowser|code|commands)\./,
  /^(builtins|__builtin__)\.(eval|exec|execfile|compile|open|__import__|getattr|globals|breakpoint)$/,
]

/** All that means something here, but for OrderedDict. Each makes data of its arguments and does nothing else. */
const globals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['torch._utils._rebuild_tensor', new PickleFunction(rebuildTensor)],
  ['torch._utils._rebuild_tensor_v2', new PickleFunction(rebuildTensor)],
  ['torch._utils._rebuild_parameter', new PickleFunction(([data]) => data)],
  ['torch._utils._rebuild_parameter_with_state', new PickleFunction(([data]) => data)],
  ['collections.defaultdict', new PickleFunction(() => new Map())],
  ['torch.Size', new PickleFunction(([sizes]) => sizes)],
  ['torch.device', new PickleFunction(([name]) => name)],
  ...storageTypes.flatMap((name): [string, unknown][] => [
    [`torch.${name}`, new StorageType(name)],
    [`torch.storage.${name}`, new StorageType(name)],
  ]),
])

/** How PyTorch's own pickles are read: its tensors, and stand-ins for all else. */
export function torchPickle(): PickleOptions {
  let pairsLeft = MAX_PAIRS
  const orderedDict = new PickleFunction(([pairs]) => {
    pairsLeft -= Array.isArray(pairs) ? pairs.length : 0
    if (pairsLeft < 0) throw corrupt(`its OrderedDicts are made of more than ${MAX_PAIRS} pairs`)
    return dictOfPairs(pairs)
  })
  return { globals: new Map([...globals, ['collections.OrderedDict', orderedDict]]), unknown, persistent: storage }
}

function unknown(name: string): StandIn {
  if (!ATTACKS.some((pattern) => pattern.test(name))) return new StandIn(name)
  throw new AlexNetError(
    'corrupt-data',
    `PyTorch file: it names ${quoted(name)}, which can run programs and has no place in a file of weights; nothing was run`,
    'Do not open it in Python either, unless you trust where it comes from.',
  )
}

function dictOfPairs(pairs: unknown): Map<unknown, unknown> {
  const dict = new Map<unknown, unknown>()
  if (pairs === undefined) return dict
  if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
    throw corrupt('an OrderedDict is made of something other than pairs')
  for (const [key, value] of pairs as [unknown, unknown][]) dict.set(key, value)
  return dict
}

/** (storage, offset, size, stride, …); what follows (gradients, hooks) concerns training alone. */
function rebuildTensor([storage, offset, shape, strides]: readonly unknown[]): TensorView {
  if (
    !isStorage(storage) ||
    !isCount(offset) ||
    !isCounts(shape) ||
    !isCounts(strides) ||
    shape.length !== strides.length
  )
    throw corrupt('a tensor has no storage, or sizes that are no sizes')
  return new TensorView(storage, offset, shape, strides)
}

/** ('storage', class, key, place, length[, (key of the part, offset, length)]) */
function storage(id: unknown): Storage {
  const [kind, type, key, , length, part] = Array.isArray(id) ? (id as unknown[]) : []
  if (kind === 'module') throw wholeModule(type instanceof StandIn ? type.name : 'torch.nn.Module')
  if (kind !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string' || !isCount(length))
    throw corrupt('a storage is not described as PyTorch does')
  const whole = { key, type: type.name, length, offset: 0 }
  if (part === undefined || part === null) return whole
  const [, offset, partLength] = Array.isArray(part) ? (part as unknown[]) : []
  if (!isCount(offset) || !isCount(partLength)) throw corrupt('a part of a storage is not described as PyTorch does')
  return { ...whole, offset, length: partLength }
}

function isStorage(value: unknown): value is Storage {
  return typeof value === 'object' && value !== null && 'key' in value && 'type' in value && 'length' in value
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isCount)
}
