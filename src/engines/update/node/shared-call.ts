import type { PassCall } from '../pass-runner.js'

/** What a worker is started with. */
export interface UpdateWorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly control: Int32Array
  /** Which share of the turns is the worker's, of how many. */
  readonly share: number
  readonly shares: number
}

/** Where things are in the memory by which threads agree on a call. */
export const CONTROL = {
  /** Is counted up with every call; below 0 there will be no more. */
  round: 0,
  /** The workers that have not done their share yet. */
  waiting: 1,
  /** The workers that have started. */
  ready: 2,
} as const

const CALL = 3
const MOST_OPERANDS = 253

/** A call in the shared memory: how many addresses and scalars it has, the function, the turns, the operands. */
const [ADDRESSES, SCALARS, INDEX, TURNS, OPERANDS] = [CALL, CALL + 1, CALL + 2, CALL + 3, CALL + 4]

export function newControl(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (OPERANDS + MOST_OPERANDS)))
}

/** Whether a call has room there. */
export function fitsControl({ addresses, scalars }: PassCall): boolean {
  return addresses.length + scalars.length <= MOST_OPERANDS
}

export function writeCall(control: Int32Array, { index, turns, addresses, scalars }: PassCall): void {
  control.set([addresses.length, scalars.length, index, turns, ...addresses], ADDRESSES)
  new Float32Array(control.buffer, 4 * (OPERANDS + addresses.length), scalars.length).set(scalars)
}

export function readCall(control: Int32Array): PassCall {
  const [addresses, scalars] = [control[ADDRESSES], control[SCALARS]]
  return {
    index: control[INDEX],
    turns: control[TURNS],
    addresses: [...control.subarray(OPERANDS, OPERANDS + addresses)],
    scalars: [...new Float32Array(control.buffer, 4 * (OPERANDS + addresses), scalars)],
  }
}
