import { ByteSource } from './byte-source.js'
import { corrupt, described } from './corrupt.js'

/**
 * # Pickle, restricted
 *
 * Python's pickle is a small stack machine whose GLOBAL instruction names any function of any module and whose REDUCE
 * calls it: opening a pickle in Python runs whatever its author wished. Here nothing of Python can be reached. GLOBAL
 * looks a name up in a table that the caller gives, and a name that is not in it ends the reading; what REDUCE calls is a
 * function of this project. Instructions that write attributes are ignored on dicts (PyTorch keeps `_metadata` there) and
 * refused elsewhere.
 *
 * The instructions are those of Python's `pickletools`, protocols 0 to 5. Values become: None `null`, dict `Map`, list and
 * tuple arrays, bytes `Uint8Array`, int a number where that is exact, else a `bigint`.
 */
export interface PickleOptions {
  /** What GLOBAL may name, `module.name`. A `PickleFunction` may be called; anything else is only a value. */
  readonly globals: ReadonlyMap<string, unknown>
  /** Called for a name that is not among them; returns the error. */
  readonly refuse: (name: string) => Error
  /** What a persistent id stands for: PyTorch's storages. */
  readonly persistent: (id: unknown) => unknown
}

/** What a pickle may call. */
export class PickleFunction {
  constructor(readonly call: (args: readonly unknown[]) => unknown) {}
}

/** Each instruction makes at most one value, so this bounds the memory. A checkpoint of AlexNet has some thousand. */
const MAX_INSTRUCTIONS = 2_000_000

/**
 * Reads one pickle.
 *
 * @param start Where it begins in `bytes`.
 * @returns Its value, and where it ends.
 * @throws AlexNetError `corrupt-data`, or what `refuse` returns.
 */
export function readPickle(
  bytes: Uint8Array,
  start: number,
  options: PickleOptions,
): { readonly value: unknown; readonly end: number } {
  const source = new ByteSource(bytes, start)
  const machine = new PickleMachine(source, options)
  for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
    const code = source.uint8()
    if (code === STOP) return { value: machine.pop(), end: source.at }
    const instruction = instructions[code]
    if (!instruction) throw corrupt(`the pickle has an instruction 0x${code.toString(16)} that is not supported`)
    instruction(machine, source)
  }
  throw corrupt(`the pickle has more than ${MAX_INSTRUCTIONS} instructions`)
}

class PickleMachine {
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
    const path = `${String(module)}.${String(name)}`
    if (!this.options.globals.has(path)) throw this.options.refuse(path)
    this.push(this.options.globals.get(path))
  }

  reduce(): void {
    const args = this.pop()
    const callee = this.pop()
    if (!(callee instanceof PickleFunction) || !Array.isArray(args))
      throw corrupt(`the pickle calls ${described(callee)}, which is no function`)
    this.push(callee.call(args))
  }

  persistent(id: unknown): void {
    this.push(this.options.persistent(id))
  }

  append(values: readonly unknown[]): void {
    const list = this.top()
    if (!Array.isArray(list)) throw corrupt(`the pickle appends to ${described(list)}, expected a list`)
    for (const value of values) list.push(value)
  }

  setItems(items: readonly unknown[]): void {
    const dict = this.top()
    if (!(dict instanceof Map)) throw corrupt(`the pickle sets an item of ${described(dict)}, expected a dict`)
    fill(dict, items)
  }

  build(): void {
    this.pop()
    if (!(this.top() instanceof Map)) throw corrupt(`the pickle sets attributes of ${described(this.top())}`)
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

function exact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Keys and values in turn. */
function fill(dict: Map<unknown, unknown>, items: readonly unknown[]): Map<unknown, unknown> {
  if (items.length % 2 !== 0) throw corrupt('the pickle has a key without a value')
  for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1])
  return dict
}

function parseInteger(text: string): number | bigint {
  if (!/^-?\d{1,600}L?$/.test(text)) throw corrupt(`the pickle has ${described(text)} for an integer`)
  return exact(BigInt(text.replace('L', '')))
}

/** In protocol 0 `I01` and `I00` are true and false. */
function parseInt0(text: string): number | bigint | boolean {
  return text === '01' ? true : text === '00' ? false : parseInteger(text)
}

function parseFloat0(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw corrupt(`the pickle has ${described(text)} for a number`)
  return value
}

/** Python's repr of a text of protocol 0: between quotes. What is escaped within stays as it is; PyTorch has none. */
function unquote(text: string): string {
  if (text.length < 2 || text[0] !== text.at(-1)) throw corrupt(`the pickle has ${described(text)} for a text`)
  return text.slice(1, -1)
}

type Instruction = (machine: PickleMachine, source: ByteSource) => void

const STOP = 0x2e

const tuple =
  (count: number): Instruction =>
  (m) => {
    const values: unknown[] = []
    for (let i = 0; i < count; i++) values.unshift(m.pop())
    m.push(values)
  }

/** By code, as `pickletools` lists them. */
const instructions: Readonly<Record<number, Instruction>> = {
  128: (_, s) => void s.uint8(), // PROTO
  149: (_, s) => void s.uint64(), // FRAME: only a hint for reading ahead
  40: (m) => m.mark(), // MARK
  48: (m) => void m.pop(), // POP
  49: (m) => void m.popToMark(), // POP_MARK
  50: (m) => m.push(m.top()), // DUP

  78: (m) => m.push(null), // NONE
  136: (m) => m.push(true), // NEWTRUE
  137: (m) => m.push(false), // NEWFALSE
  73: (m, s) => m.push(parseInt0(s.line())), // INT
  76: (m, s) => m.push(parseInteger(s.line())), // LONG
  74: (m, s) => m.push(s.int32()), // BININT
  75: (m, s) => m.push(s.uint8()), // BININT1
  77: (m, s) => m.push(s.uint16()), // BININT2
  138: (m, s) => m.long(s.uint8()), // LONG1
  139: (m, s) => m.long(s.uint32()), // LONG4
  70: (m, s) => m.push(parseFloat0(s.line())), // FLOAT
  71: (m, s) => m.push(s.float64()), // BINFLOAT

  83: (m, s) => m.push(unquote(s.line())), // STRING
  86: (m, s) => m.push(s.line()), // UNICODE
  84: (m, s) => m.push(s.text(s.uint32())), // BINSTRING
  85: (m, s) => m.push(s.text(s.uint8())), // SHORT_BINSTRING
  88: (m, s) => m.push(s.text(s.uint32())), // BINUNICODE
  140: (m, s) => m.push(s.text(s.uint8())), // SHORT_BINUNICODE
  141: (m, s) => m.push(s.text(s.uint64())), // BINUNICODE8
  66: (m, s) => m.push(s.take(s.uint32())), // BINBYTES
  67: (m, s) => m.push(s.take(s.uint8())), // SHORT_BINBYTES
  142: (m, s) => m.push(s.take(s.uint64())), // BINBYTES8
  150: (m, s) => m.push(s.take(s.uint64())), // BYTEARRAY8

  41: (m) => m.push([]), // EMPTY_TUPLE
  133: tuple(1), // TUPLE1
  134: tuple(2), // TUPLE2
  135: tuple(3), // TUPLE3
  116: (m) => m.push(m.popToMark()), // TUPLE
  93: (m) => m.push([]), // EMPTY_LIST
  108: (m) => m.push(m.popToMark()), // LIST
  97: (m) => {
    const value = m.pop()
    m.append([value])
  }, // APPEND
  101: (m) => {
    const values = m.popToMark()
    m.append(values)
  }, // APPENDS
  125: (m) => m.push(new Map()), // EMPTY_DICT
  100: (m) => m.push(fill(new Map(), m.popToMark())), // DICT
  115: (m) => {
    const value = m.pop()
    const key = m.pop()
    m.setItems([key, value])
  }, // SETITEM
  117: (m) => {
    const items = m.popToMark()
    m.setItems(items)
  }, // SETITEMS

  99: (m, s) => {
    const module = s.line()
    m.global(module, s.line())
  }, // GLOBAL
  147: (m) => {
    const name = m.pop()
    m.global(m.pop(), name)
  }, // STACK_GLOBAL
  105: (m, s) => {
    const module = s.line()
    m.global(module, s.line())
    throw corrupt('the pickle makes an object (INST)')
  }, // INST: the name is refused first, for the better message
  82: (m) => m.reduce(), // REDUCE
  98: (m) => m.build(), // BUILD
  81: (m) => m.persistent(m.pop()), // BINPERSID
  80: (m, s) => m.persistent(s.line()), // PERSID

  113: (m, s) => m.remember(s.uint8()), // BINPUT
  114: (m, s) => m.remember(s.uint32()), // LONG_BINPUT
  112: (m, s) => m.remember(Number(parseInteger(s.line()))), // PUT
  148: (m) => m.memoize(), // MEMOIZE
  104: (m, s) => m.recall(s.uint8()), // BINGET
  106: (m, s) => m.recall(s.uint32()), // LONG_BINGET
  103: (m, s) => m.recall(Number(parseInteger(s.line()))), // GET
}
