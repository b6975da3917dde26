import { corrupt, described } from './corrupt.js'
import { TensorView } from './storage.js'

/** Under which keys programs keep the weights in a larger checkpoint, in the order in which they are looked for. */
const WEIGHTS = ['state_dict', 'model_state_dict', 'model', 'net', 'weights']

/** PyTorch's batch normalisation counts its batches, in a whole number that nothing depends on. */
export const isCounter = (name: string): boolean => name.endsWith('.num_batches_tracked')

/** What `DataParallel` and compiled models put before every name. */
const PREFIXES = ['module.', '_orig_mod.']

/**
 * The tensors of a state_dict by name: the value of a file, or what it holds under `state_dict`, `model` and the like.
 * A prefix `module.` that all names share falls off.
 * @throws AlexNetError `corrupt-data` when there is none.
 */
export function findStateDict(value: unknown): ReadonlyMap<string, TensorView> {
  if (!(value instanceof Map))
    throw corrupt(
      `expected a state_dict, got ${described(value)}`,
      'Save it with torch.save(model.state_dict(), FILE).',
    )
  let dict = value as ReadonlyMap<unknown, unknown>
  for (const key of WEIGHTS) {
    const inner = dict.get(key)
    if (inner instanceof Map) {
      dict = inner
      break
    }
  }
  let entries: [string, TensorView][] = []
  for (const [name, tensor] of dict) {
    if (typeof name === 'string' && isCounter(name)) continue
    if (typeof name !== 'string' || !(tensor instanceof TensorView))
      throw corrupt(
        `expected a state_dict, names with tensors, got ${described(name)} with ${described(tensor)}`,
        `Save the weights alone, with torch.save(model.state_dict(), FILE), or under one of ${WEIGHTS.join(', ')}.`,
      )
    entries.push([name, tensor])
  }
  for (const prefix of PREFIXES)
    if (entries.length > 0 && entries.every(([name]) => name.startsWith(prefix)))
      entries = entries.map(([name, tensor]) => [name.slice(prefix.length), tensor])
  for (const [name] of entries) if (name === '__proto__') throw corrupt(`${described(name)} cannot be a tensor's name`)
  return new Map(entries)
}
