import { ByteSource } from './byte-source.js'
import { corrupt, described } from './corrupt.js'
import { exact, fill, PickleMachine, type PickleOptions } from './pickle-machine.js'

/**
 * # Pickle, restricted
 *
 * Python's pickle is a small stack machine whose GLOBAL instruction names any function of any module and whose REDUCE
 * calls it: opening a pickle in Python runs whatever its author wished. Here nothing of Python can be reached. GLOBAL
 * looks a name up in a table that the caller gives; for a name that is not in it the caller gives a stand-in, which does
 * nothing, or ends the reading. What REDUCE calls is a function of this project, or such a stand-in. Instructions that write
 * attributes are ignored on dicts (PyTorch keeps `_metadata` there) and stand-ins, and refused elsewhere.
 *
 * The instructions are those of Python's `pickletools`, protocols 0 to 5. Values become: None `null`, dict `Map`, list,
 * tuple and set arrays, bytes `Uint8Array`, int a number where that is exact, else a `bigint`.
 */

/** Each instruction makes at most one value, so this bounds the memory. A checkpoint of AlexNet has some thousand. */
const MAX_INSTRUCTIONS = 2_000_000

/**
 * Reads one pickle.
 *
 * @param start Where it begins in `bytes`.
 * @returns Its value, and where it ends.
 * @throws AlexNetError `corrupt-data`, or what `unknown` throws.
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
  84: (m, s) => m.push(s.string(s.uint32())), // BINSTRING
  85: (m, s) => m.push(s.string(s.uint8())), // SHORT_BINSTRING
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
  143: (m) => m.push([]), // EMPTY_SET
  144: (m) => {
    const values = m.popToMark()
    m.append(values)
  }, // ADDITEMS
  145: (m) => m.push(m.popToMark()), // FROZENSET
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
    const args = m.popToMark()
    const module = s.line()
    m.global(module, s.line())
    m.call(m.pop(), args)
  }, // INST
  111: (m) => {
    const [callee, ...args] = m.popToMark()
    m.call(callee, args)
  }, // OBJ
  82: (m) => m.reduce(), // REDUCE
  129: (m) => m.reduce(), // NEWOBJ
  146: (m) => {
    m.pop() // what it is called with by name: nothing known here takes any
    m.reduce()
  }, // NEWOBJ_EX
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
