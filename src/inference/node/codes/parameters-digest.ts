import { createHash } from 'node:crypto'
import { parametersOf } from '../../../models/model.js'
import type { Checkpoint } from '../../../runs/checkpoint.js'

/** Tells networks apart by their parameters: the codes of one mean nothing to another. */
export function parametersDigest({ model, state }: Checkpoint): string {
  const hash = createHash('sha256')
  for (const { name } of parametersOf(model)) {
    const { data } = state[name]
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex')
}
