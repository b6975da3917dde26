import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../../errors.js'
import { readPickle } from './pickle.js'
import { PickleFunction, type PickleOptions } from './pickle-machine.js'
import { StandIn } from './stand-in.js'

const options: PickleOptions = {
  globals: new Map<string, unknown>([
    ['math.pair', new PickleFunction((args) => [...args, 'made'])],
    ['math.pi', 3],
  ]),
  unknown: (name) => {
    if (name.startsWith('inert.')) return new StandIn(name)
    throw new AlexNetError('corrupt-data', `refused ${name}`)
  },
  persistent: (id) => ['persistent', id],
}

/** A pickle as text, a character a byte. */
const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const read = (text: string) => readPickle(bytesOf(text), 0, options).value

describe('the values of a pickle', () => {
  /*
   * Each of Python 3.11's pickle.dumps(value, protocol), printed as its repr:
   *
   *     for p in (0, 2, 4): print(pickle.dumps([None, True, -7, 300, 70000, 2**40, 1.5, 'ä', (1, 2, 3, 4), {'a': []}], p))
   */
  const value = [null, true, -7, 300, 70000, 2 ** 40, 1.5, 'ä', [1, 2, 3, 4], new Map([['a', []]])]
  it.each([
    [
      'protocol 0',
      '(lp0\nNaI01\naI-7\naI300\naI70000\naI1099511627776\naF1.5\naV\xc3\xa4\np1\na(I1\nI2\nI3\nI4\ntp2\na(dp3\nVa\np4\n(lp5\nsa.',
    ],
    [
      'protocol 2',
      '\x80\x02]q\x00(N\x88J\xf9\xff\xff\xffM,\x01Jp\x11\x01\x00\x8a\x06\x00\x00\x00\x00\x00\x01G?\xf8\x00\x00\x00\x00\x00\x00X\x02\x00\x00\x00\xc3\xa4q\x01(K\x01K\x02K\x03K\x04tq\x02}q\x03X\x01\x00\x00\x00aq\x04]q\x05se.',
    ],
    [
      'protocol 4',
      '\x80\x04\x95@\x00\x00\x00\x00\x00\x00\x00]\x94(N\x88J\xf9\xff\xff\xffM,\x01Jp\x11\x01\x00\x8a\x06\x00\x00\x00\x00\x00\x01G?\xf8\x00\x00\x00\x00\x00\x00\x8c\x02\xc3\xa4\x94(K\x01K\x02K\x03K\x04t\x94}\x94\x8c\x01a\x94]\x94se.',
    ],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual(value)
  })

  it('large integers stay exact', () => {
    expect(read('\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.')).toBe(0x1950a86a20f9469cfc6cn)
    expect(read('\x8a\x01\xff.')).toBe(-1)
    expect(read('\x8a\x00.')).toBe(0)
    expect(read('L12345678901234567890L\n.')).toBe(12345678901234567890n)
  })

  it('one value stands in several places', () => {
    const [a, b] = read('](]q\x00h\x00e.') as unknown[]
    expect(a).toBe(b)
  })

  it('ends where it ends', () => {
    expect(readPickle(bytesOf('..K\x01.rest'), 2, options)).toEqual({ value: 1, end: 5 })
  })

  it.each([
    ['called', 'cinert\nmake\n(K\x01tR.'],
    ['made an object of', 'cinert\nMade\n)\x81.'],
    ['made an object of with options', 'cinert\nMade\n)}\x92.'],
    ['made an object of, as old pickles do', '(K\x01iinert\nMade\n.'],
    ['made an object of, in the other old way', '(cinert\nMade\nK\x01o.'],
    ['given attributes', 'cinert\nMade\n)\x81}Va\nK\x01sb.'],
    ['given items', 'cinert\nMade\n)\x81(Va\nK\x01u.'],
    ['appended to', 'cinert\nMade\n)\x81(K\x01e.'],
  ])('a stand-in that is %s stays what it is', (_, text) => {
    expect(read(text)).toBeInstanceOf(StandIn)
  })

  it('sets are lists', () => {
    expect(read('\x8f(K\x01K\x02\x90.')).toEqual([1, 2])
    expect(read('(K\x01K\x02\x91.')).toEqual([1, 2])
  })

  it('calls what the table has, and nothing else', () => {
    expect(read('cmath\npair\n(K\x01K\x02tR.')).toEqual([1, 2, 'made'])
    expect(read('\x8c\x04math\x8c\x04pair\x93)R.')).toEqual(['made'])
    expect(read('K\x05Q.')).toEqual(['persistent', 5])
  })
})

describe('is refused', () => {
  it.each([
    ["os.system('echo')", 'cposix\nsystem\n(Vecho\ntR.', 'refused posix.system'],
    ['the same by protocol 4', '\x8c\x05posix\x8c\x06system\x93.', 'refused posix.system'],
    ['the same as an object', '(Vecho\niposix\nsystem\n.', 'refused posix.system'],
    ['a name that is no text', 'K\x01K\x02\x93.', 'names a global by 1 and 2, expected texts'],
    ['a name of an object', 'cObject\n__proto__\n.', 'refused Object.__proto__'],
    ['calling a value', 'cmath\npi\n)R.', 'calls 3, which is no function'],
    ['calling with no tuple', 'cmath\npair\nNR.', 'which is no function'],
    ['an object of a value', 'cmath\npi\n)\x81.', 'calls 3, which is no function'],
    ['an unknown instruction', '\xff.', 'an instruction 0xff that is not supported'],
    ['attributes', ']}b.', 'sets attributes of a list of 0'],
    ['an empty pickle', '', 'cut off'],
    ['no end', 'K\x01', 'cut off'],
    ['nothing at its end', '.', 'empty stack'],
    ['a text longer than the file', 'X\xff\xff\xff\x7fab', 'cut off: 2147483647 bytes expected at 5, 2 left'],
    ['a text of 2^63 bytes', '\x8d\xff\xff\xff\xff\xff\xff\xff\x7fab', 'cut off'],
    ['an integer of 2 GB', '\x8b\xff\xff\xff\x7f', 'an integer of 2147483647 bytes'],
    ['a text that is not UTF-8', 'X\x01\x00\x00\x00\xff.', 'not UTF-8'],
    ['a value that was not made', 'h\x05.', 'a value 5 that it has not made'],
    ['a mark that is missing', 't.', 'lacks a mark'],
    ['a key without a value', '}(K\x01u.', 'a key without a value'],
    ['an item of a list', ']K\x01K\x02s.', 'sets an item of a list of 0'],
    ['appending to a number', 'K\x01K\x02a.', 'appends to 1'],
    ['a line without end', 'cposix', 'within a line'],
    ['a number that is none', 'Iseven\n.', '"seven" for an integer'],
  ])('%s', (_, text, message) => {
    let error: unknown
    try {
      read(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(AlexNetError)
    expect((error as AlexNetError).message).toContain(message)
  })

  it('a pickle of endless instructions', () => {
    expect(() => readPickle(new Uint8Array(3_000_000).fill(0x4e), 0, options)).toThrow('more than 2000000 instructions')
  })
})
