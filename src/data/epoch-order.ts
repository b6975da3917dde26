import { random } from '../random.js'

/** The order in which an epoch of training takes the pictures 0 … count − 1: every one once, another order each epoch. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return random(seed, 'shuffle', epoch).permutation(count)
}
