import { expect, it } from 'vitest'
import { torchPickle } from './globals.js'
import { readPickle } from './pickle.js'
import { StandIn } from './stand-in.js'

const read = (text: string) =>
  readPickle(
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
    0,
    torchPickle(),
  ).value

it('an OrderedDict, empty or of pairs', () => {
  expect(read('ccollections\nOrderedDict\n)R.')).toEqual(new Map())
  expect(read('ccollections\nOrderedDict\n](Va\nK\x01\x86e\x85R.')).toEqual(new Map([['a', 1]]))
})

it('one list is not copied without bound', () => {
  // A list of 1,000 pairs (1, 1), made into a dict 1,000 times.
  const list = `](${'K\x01K\x01\x86'.repeat(1000)}e\x85q\x01`
  const again = '0ccollections\nOrderedDict\nh\x01R'.repeat(1000)
  expect(() => read(`${list}${again}.`)).toThrow('OrderedDicts are made of more than 100000 pairs')
})

it('a module of old files is refused', () => {
  expect(() => read('(Vmodule\nc__main__\nNet\ntQ.')).toThrow('it holds a whole pickled module, "__main__.Net"')
})

it.each([
  'os\nsystem',
  'posix\nsystem',
  'subprocess\nPopen',
  'builtins\neval',
  '__builtin__\nexec',
  'runpy\n_run_code',
])('%j, which only an attack has a use for, is refused', (name) => {
  expect(() => read(`c${name}\n.`)).toThrow(`it names "${name.replace('\n', '.')}"`)
})

it.each([
  'argparse\nNamespace',
  'numpy.core.multiarray\n_reconstruct',
  'torch\nload',
  'torch._utils\n__class__',
  'net\nNet',
])('%j stands for itself and does nothing', (name) => {
  expect(read(`c${name}\n)\x81}Va\nK\x01sb.`)).toEqual(new StandIn(name.replace('\n', '.')))
})
