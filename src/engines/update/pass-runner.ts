import { VALUES_A_TURN } from './compile-pass.js'
import { functionName } from './wasm-module.js'

const BYTES_A_TURN = VALUES_A_TURN * Float32Array.BYTES_PER_ELEMENT

/** One pass over arrays in memory. */
export interface PassCall {
  /** Which function of the module. */
  readonly index: number
  readonly turns: number
  /** In bytes, one for each array. */
  readonly addresses: readonly number[]
  readonly scalars: readonly number[]
}

/** Runs passes, on one thread or on several. */
export interface PassRunner {
  /** How many passes several threads have shared so far. */
  readonly sharedPasses: number
  run(call: PassCall): void
  dispose(): void
}

/** The functions of a module over a memory: each in the whole of its turns, or in a part. */
export function passFunctions(module: WebAssembly.Module, memory: WebAssembly.Memory): (call: PassCall) => void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  return ({ index, turns, addresses, scalars }) => {
    if (turns > 0) (exports[functionName(index)] as (...values: number[]) => void)(turns, ...addresses, ...scalars)
  }
}

/** All on the thread that calls. */
export function oneThread(module: WebAssembly.Module, memory: WebAssembly.Memory): PassRunner {
  return { sharedPasses: 0, run: passFunctions(module, memory), dispose() {} }
}

/** One of so many equal shares of a call. */
export function shareOf(call: PassCall, share: number, shares: number): PassCall {
  const [from, to] = [share, share + 1].map((i) => Math.floor((call.turns * i) / shares))
  return { ...call, turns: to - from, addresses: call.addresses.map((address) => address + from * BYTES_A_TURN) }
}
