import type { ByteSource } from './byte-source.js'
import { corrupt, described } from './corrupt.js'
import { StandIn } from './stand-in.js'

/** What a pickle may reach. */
export interface PickleOptions {
  /** What GLOBAL may name, `module.name`. A `PickleFunction` may be called; anything else is only a value. */
  readonly globals: ReadonlyMap<string, unknown>
  /** What a name that is not among them stands for, a `StandIn` or any value; throws for one that is refused. */
  readonly unknown: (name: string) => unknown
  /** What a persistent id stands for: PyTorch's storages. */
  readonly persistent: (id: unknown) => unknown
}

/** What a pickle may call. */
export class PickleFunction {
  constructor(readonly call: (args: readonly unknown[]) => unknown) {}
}

/** An object that a pickle gives its content after it has made it (BUILD). */
export interface PickleObject {
  build(state: unknown): void
}

function isPickleObject(value: unknown): value is PickleObject {
  return typeof value === 'object' && value !== null && 'build' in value && typeof value.build === 'function'
}

/** The stack machine that a pickle's instructions work on. */
export class PickleMachine {
  private stack: unknown[] = []
  /** The stacks below each mark. */
  private readonly below: unknown[][] = []
  private readonly memo = new Map<number, unknown>()

  constructor(
    private readonly source: ByteSource,
    private readonly options: PickleOptions,
  ) {}

  push(value: unknown): void {
    this.stack.push(value)
  }

  pop(): unknown {
    if (this.stack.length === 0) throw corrupt('the pickle takes a value from an empty stack')
    return this.stack.pop()
  }

  top(): unknown {
    if (this.stack.length === 0) throw corrupt('the pickle looks at an empty stack')
    return this.stack[this.stack.length - 1]
  }

  mark(): void {
    this.below.push(this.stack)
    this.stack = []
  }

  popToMark(): unknown[] {
    const values = this.stack
    const below = this.below.pop()
    if (!below) throw corrupt('the pickle lacks a mark')
    this.stack = below
    return values
  }

  remember(key: number): void {
    this.memo.set(key, this.top())
  }

  memoize(): void {
    this.remember(this.memo.size)
  }

  recall(key: number): void {
    if (!this.memo.has(key)) throw corrupt(`the pickle refers to a value ${key} that it has not made`)
    this.push(this.memo.get(key))
  }

  global(module: unknown, name: unknown): void {
    // A list of lists of … would take for ever to be written as a text.
    if (typeof module !== 'string' || typeof name !== 'string')
      throw corrupt(`the pickle names a global by ${described(module)} and ${described(name)}, expected texts`)
    const path = `${module}.${name}`
    const { globals, unknown } = this.options
    this.push(globals.has(path) ? globals.get(path) : unknown(path))
  }

  /** Calls a function or makes an object of a class: a stand-in gives itself. */
  call(callee: unknown, args: unknown): void {
    if (callee instanceof StandIn) {
      this.push(callee)
      return
    }
    if (!(callee instanceof PickleFunction) || !Array.isArray(args))
      throw corrupt(`the pickle calls ${described(callee)}, which is no function`)
    this.push(callee.call(args))
  }

  reduce(): void {
    const args = this.pop()
    this.call(this.pop(), args)
  }

  persistent(id: unknown): void {
    this.push(this.options.persistent(id))
  }

  append(values: readonly unknown[]): void {
    const list = this.top()
    if (list instanceof StandIn) return
    if (!Array.isArray(list)) throw corrupt(`the pickle appends to ${described(list)}, expected a list`)
    for (const value of values) list.push(value)
  }

  setItems(items: readonly unknown[]): void {
    const dict = this.top()
    if (dict instanceof StandIn) return
    if (!(dict instanceof Map)) throw corrupt(`the pickle sets an item of ${described(dict)}, expected a dict`)
    fill(dict, items)
  }

  build(): void {
    const state = this.pop()
    const object = this.top()
    if (isPickleObject(object)) object.build(state)
    else if (!(object instanceof Map || object instanceof StandIn))
      throw corrupt(`the pickle sets attributes of ${described(object)}`)
  }

  /** An integer of `length` bytes, two's complement. PyTorch's longest has 10. */
  long(length: number): void {
    if (length > 255) throw corrupt(`the pickle has an integer of ${length} bytes`)
    let value = 0n
    const bytes = this.source.take(length)
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i])
    this.push(exact(BigInt.asIntN(8 * length, value)))
  }
}

/** An integer as a number where that is exact. */
export function exact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Puts keys and values, which stand in turn, into a dict. */
export function fill(dict: Map<unknown, unknown>, items: readonly unknown[]): Map<unknown, unknown> {
  if (items.length % 2 !== 0) throw corrupt('the pickle has a key without a value')
  for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1])
  return dict
}
