import { expect, it } from 'vitest'
import { torchPickle } from './globals.js'
import { readPickle } from './pickle.js'

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

it.each(['torchvision.models.alexnet\nAlexNet', 'torch.nn.modules.container\nSequential', '__torch__.net\nNet'])(
  'a whole module is refused with what to do: %j',
  (name) => {
    expect(() => read(`c${name}\n.`)).toThrow('it holds a whole pickled module')
  },
)

it('a module of old files is refused', () => {
  expect(() => read('(Vmodule\nVclass\ntQ.')).toThrow('it holds a whole pickled module')
})

it.each(['os\nsystem', 'builtins\neval', 'torch\nload', 'torch._utils\n__class__', 'argparse\nNamespace'])(
  '%j is refused',
  (name) => {
    expect(() => read(`c${name}\n.`)).toThrow(`it names "${name.replace('\n', '.')}"`)
  },
)
