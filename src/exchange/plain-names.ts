import { AlexNetError } from '../errors.js'
import { quoted } from '../formats/quoted.js'
import type { Tensors } from '../tensor.js'

/** What wrappers put into names, wherever the wrapped part stands: `features.module.0.weight`. */
const WRAPPERS = /(^|\.)(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)/g

/** The first parameter of every network known here. */
const FIRST = /^(.*\.)?(features\.0|conv1)\.weight$/

/**
 * Takes off what programs put before or into the names of a network's tensors: `DataParallel`, compiled models, Lightning
 * (`model.features.0.weight`), or any class that has the network as one of its parts. What does not belong to that part
 * falls off too.
 *
 * @throws AlexNetError `incompatible-state` where two tensors would get one name.
 */
export function plainNames(state: Tensors): Tensors {
  const unwrapped = renamed(state, (name) => name.replace(WRAPPERS, '').replace(/^\./, ''))
  const prefixes = Object.keys(unwrapped).flatMap((name) => FIRST.exec(name)?.[1] ?? [])
  // A file of two networks does not say which is meant.
  if (prefixes.length !== 1 || Object.keys(unwrapped).some((name) => /^(features\.0|conv1)\./.test(name)))
    return unwrapped
  const [prefix] = prefixes
  return renamed(unwrapped, (name) => (name.startsWith(prefix) ? name.slice(prefix.length) : undefined))
}

/** @param rename Undefined for a tensor that falls off. */
function renamed(state: Tensors, rename: (name: string) => string | undefined): Tensors {
  const result = new Map<string, Tensors[string]>()
  for (const [name, tensor] of Object.entries(state)) {
    const plain = rename(name)
    if (plain === undefined) continue
    if (result.has(plain)) throw new AlexNetError('incompatible-state', `two tensors have the name ${quoted(plain)}`)
    result.set(plain, tensor)
  }
  return Object.fromEntries(result)
}
