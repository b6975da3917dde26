import { expect, it } from 'vitest'
import type { Dataset } from '../../../data/dataset.js'
import type { ScanReport } from '../../../data/node/pictures/scan-report.js'
import { checkRecipe, type Recipe } from '../../../runs/recipe.js'
import { describeScan } from './describe-scan.js'

const recipe = checkRecipe(
  { model: { name: 'alexnet' }, data: { name: 'pictures' }, training: { epochs: 1 }, optimizer: { rate: 1 } },
  'test',
)

/** Pictures without pixels: how many of each class. */
function part(counts: Readonly<Record<string, number>>): Dataset {
  const labels = Object.values(counts).flatMap((count, label) => Array.from({ length: count }, () => label))
  return {
    name: 'folder',
    classes: Object.keys(counts),
    labels: Uint16Array.from(labels),
    pictures: { kind: 'encoded', side: 1, files: labels.map(String) },
  }
}

const plain: ScanReport = {
  path: '/folder',
  classes: ['cat', 'dog'],
  counts: { train: [20, 30] },
  skipped: [],
  ignored: 0,
  endings: {},
  hidden: 0,
  emptyClasses: [],
  notes: [],
  singleColour: [],
  duplicates: [],
  cache: 'memory',
  followLinks: false,
}

// Colours depend on where the tests run.
const described = (
  scan: Partial<ScanReport>,
  train: Dataset,
  validation?: Dataset,
  sampling: Recipe['data']['sampling'] = 'shuffled',
) =>
  describeScan(
    { ...plain, ...scan },
    { train, ...(validation && { validation }) },
    { data: { ...recipe.data, sampling } },
  )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
    .map((line) => line.replace(/\x1b\[\d+m/g, ''))

it('is one line where nothing is the matter', () => {
  expect(described({}, part({ cat: 16, dog: 24 }), part({ cat: 4, dog: 6 }))).toEqual([
    'scan   20–30 pictures a class; decoded pictures are kept in memory',
  ])
  expect(described({ counts: { train: [20, 20] } }, part({ cat: 16, dog: 16 }), part({ cat: 4, dog: 4 }))).toContain(
    'scan   20 pictures a class; decoded pictures are kept in memory',
  )
})

it('names other files by ending, what was passed over, and how folders were understood', () => {
  const endings = { '.heic': 3, '.txt': 12, '': 1 }
  const [scan, note] = described(
    { ignored: 16, endings, hidden: 2, notes: ['extra/ is not read'] },
    part({ cat: 16, dog: 24 }),
  )
  expect(scan).toMatch(/; other files: 12 \.txt, 3 \.heic, 1 without an ending; 2 hidden passed over$/)
  expect(note).toBe('note   extra/ is not read')
})

it('warns of classes that are left out, of few pictures, and that nothing validates', () => {
  const emptyClasses = [{ name: 'fish', reason: 'its folder is empty' }]
  const train = part({ a: 20, b: 1, c: 1, d: 2, e: 3, f: 4, g: 5 })
  const validation = part({ a: 5, b: 0, c: 0, d: 1, e: 1, f: 1, g: 1 })
  expect(described({ emptyClasses }, train, validation).slice(1)).toEqual([
    'warning: the classes are not balanced: a (20), b (1) (--balanced: each comes equally often)',
    'warning: fewer than 10 pictures to learn from: b (1), c (1), d (2), e (3), f (4), and 1 more',
    'warning: no picture to validate on: b, c',
    'warning: 1 class is left out:',
    '  fish: its folder is empty',
  ])
})

it('advises no balanced sampling where that is what happens', () => {
  expect(described({}, part({ a: 40, b: 11 }), undefined, 'balanced')).toContain(
    'warning: the classes are not balanced: a (40), b (11)',
  )
})
