import { corrupt, described } from './corrupt.js'
import { StandIn } from './stand-in.js'
import { isFloatStorage, TensorView } from './storage.js'
import { wholeModule } from './whole-module.js'

/** Under which keys programs keep the weights in a larger checkpoint, in the order in which they are looked for. */
const WEIGHTS = [
  ...['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network', 'weights', 'params', 'module'],
  ...['state_dict_ema', 'model_ema', 'ema'],
]

/** What lies beside the weights, and holds tensors of its own. */
const NO_WEIGHTS = /optim|sched|scaler|loss|criterion/i

/** A checkpoint within a checkpoint within …: a bound for the search, since a dict may hold itself. Programs nest weights two deep. */
const DEEPEST = 4

/** PyTorch's batch normalisation counts its batches, in a whole number that nothing depends on. */
export const isCounter = (name: string): boolean => name.endsWith('.num_batches_tracked')

/**
 * The tensors of a state_dict by name: the value of a file, or what it holds under `state_dict`, `model` and the like,
 * however deep, or under the only key that has any. What else stands among them is no tensor, and left out.
 * @throws AlexNetError `corrupt-data` when there is none.
 */
export function findStateDict(value: unknown): ReadonlyMap<string, TensorView> {
  if (value instanceof StandIn) throw wholeModule(value.name)
  if (!(value instanceof Map))
    throw corrupt(
      `expected a state_dict, got ${described(value)}`,
      'Save it with torch.save(model.state_dict(), FILE).',
    )
  const tensors = new Search().within(value, DEEPEST)
  if (!tensors) throw noStateDict(value)
  return tensors
}

/**
 * A dict may hold another in many places, and itself: each is looked through once from each depth, for a few bytes could
 * ask for billions of looks.
 */
class Search {
  private readonly done = new Map<ReadonlyMap<unknown, unknown>, (ReadonlyMap<string, TensorView> | undefined)[]>()

  within(dict: ReadonlyMap<unknown, unknown>, depth: number): ReadonlyMap<string, TensorView> | undefined {
    const byDepth = this.done.get(dict) ?? []
    this.done.set(dict, byDepth)
    if (!(depth in byDepth)) byDepth[depth] = this.look(dict, depth)
    return byDepth[depth]
  }

  private look(dict: ReadonlyMap<unknown, unknown>, depth: number): ReadonlyMap<string, TensorView> | undefined {
    const inner = (key: unknown) => {
      const value = dict.get(key)
      return value instanceof Map && depth > 0 ? this.within(value, depth - 1) : undefined
    }
    for (const key of WEIGHTS) {
      const found = inner(key)
      if (found) return found
    }
    const own = tensorsOf(dict)
    if (own.size > 0) return own
    const others = [...dict.keys()].flatMap((key) =>
      typeof key === 'string' && NO_WEIGHTS.test(key) ? [] : (inner(key) ?? []),
    )
    return others.length === 1 ? others[0] : undefined
  }
}

function tensorsOf(dict: ReadonlyMap<unknown, unknown>): Map<string, TensorView> {
  const tensors = new Map<string, TensorView>()
  for (const [name, tensor] of dict) {
    if (typeof name !== 'string' || isCounter(name)) continue
    if (name === '__proto__') throw corrupt(`${described(name)} cannot be a tensor's name`)
    const isWeight = /\.(weight|bias)$/.test(name)
    if (tensor instanceof TensorView) {
      // Whole numbers count something, and are no weights.
      if (isWeight || isFloatStorage(tensor.storage.type)) tensors.set(name, tensor)
    } else if (isWeight) throw corrupt(`${described(name)} is ${described(tensor)}, expected a tensor`)
  }
  return tensors
}

/** Names what stands where the weights should be. */
function noStateDict(dict: ReadonlyMap<unknown, unknown>) {
  for (const key of WEIGHTS) {
    const value = dict.get(key)
    if (value instanceof StandIn) return wholeModule(value.name)
  }
  const [[name, value] = ['nothing', 'nothing']] = dict
  return corrupt(
    `expected a state_dict, names with tensors, got ${described(name)} with ${described(value)}`,
    `Save the weights alone, with torch.save(model.state_dict(), FILE), or under one of ${WEIGHTS.slice(0, 5).join(', ')}.`,
  )
}
