import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { parseLabels } from './labels.js'

describe('labels', () => {
  it.each([
    ['one a line', 'tench\ngreat white shark\n'],
    ['without a last line break, with those of Windows', 'tench\r\ngreat white shark'],
    ['a JSON list', '["tench", "great white shark"]'],
    ["ImageNet's class index", '{"1": ["n01484850", "great white shark"], "0": ["n01440764", "tench"]}'],
    ['names by number', ' {"0": "tench", "1": "great white shark"}'],
  ])('%s', (_, text) => {
    expect(parseLabels(text, 2, 'labels')).toEqual(['tench', 'great white shark'])
  })

  it.each([
    ['a name too few', 'tench\n', 'labels: expected the names of 2 classes, got 1'],
    ['a name too many', 'a\nb\nc', 'labels: expected the names of 2 classes, got 3'],
    ['JSON cut off', '["tench", ', 'labels: not JSON'],
    ['a number for a name', '["tench", 7]', 'labels: class 1 has no name'],
    ['a gap in the numbers', '{"0": "tench", "2": "shark"}', "labels: expected the keys 0 to 1, got '2'"],
    ['a key that is no number', '{"0": "tench", "x": "shark"}', "labels: expected the keys 0 to 1, got 'x'"],
    ['the same class twice', '{"0": "tench", "00": "shark"}', 'labels: class 1 has no name'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseLabels(text, 2, 'labels')).toThrow(AlexNetError)
    expect(() => parseLabels(text, 2, 'labels')).toThrow(message)
  })
})
