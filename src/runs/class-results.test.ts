import { expect, it } from 'vitest'
import { macroAverage, measuresOf } from './class-results.js'

// The example of scikit-learn's documentation of precision_recall_fscore_support (average='macro'), cat = 0, dog = 1, pig = 2:
// truth 0 1 2 0 1 2, prediction 0 2 1 0 0 1. It prints 0.22…, 0.33…, 0.26….
const example = [
  { label: 0, pictures: 2, correct: 2, taken: 3 },
  { label: 1, pictures: 2, correct: 0, taken: 2 },
  { label: 2, pictures: 2, correct: 0, taken: 1 },
]

it('gives what scikit-learn does', () => {
  expect(measuresOf(example[0])).toEqual({ recall: 1, precision: 2 / 3, f1: 0.8 })
  const { precision, recall, f1 } = macroAverage(example)
  expect([precision, recall, f1].map((value) => value.toFixed(4))).toEqual(['0.2222', '0.3333', '0.2667'])
})

it('counts a class that nothing was taken for as 0, and one without pictures not at all', () => {
  const none = { label: 1, pictures: 4, correct: 0, taken: 0 }
  expect(measuresOf(none)).toEqual({ recall: 0, precision: 0, f1: 0 })
  const absent = { label: 2, pictures: 0, correct: 0, taken: 3 }
  expect(macroAverage([{ label: 0, pictures: 9, correct: 9, taken: 9 }, none, absent])).toEqual({
    ...{ recall: 0.5, precision: 0.5, f1: 0.5 },
  })
})
