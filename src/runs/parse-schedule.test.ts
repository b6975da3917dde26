import { describe, expect, it } from 'vitest'
import { AlexNetError } from '../errors.js'
import { parseSchedule } from './parse-schedule.js'

describe('parseSchedule', () => {
  it.each([
    ['constant', { kind: 'constant' }],
    ['steps:30', { kind: 'steps', every: 30, factor: 0.1 }],
    ['drops:8,9', { kind: 'drops', at: [8, 9], factor: 0.1 }],
    ['plateau', { kind: 'plateau', patience: 5, factor: 0.1, drops: 3, threshold: 0.001 }],
    ['plateau:2', { kind: 'plateau', patience: 2, factor: 0.1, drops: 3, threshold: 0.001 }],
    ['cosine', { kind: 'cosine', to: 0, warmup: 0 }],
    [
      'one-cycle',
      { kind: 'one-cycle', pctStart: 0.3, divFactor: 25, finalDivFactor: 1e4, anneal: 'cosine', threePhase: false },
    ],
  ])('%s', (text, expected) => {
    expect(parseSchedule(text)).toEqual(expected)
  })

  it.each([
    '',
    'cosin',
    'steps',
    'steps:0',
    'steps:x',
    'drops',
    'drops:1.5',
    'cosine:3',
    'one-cycle:0.3',
    'onecycle',
    'constant:1',
    'steps:30,60',
    'plateau:5,2',
    'drops:8,,9',
    'steps:30,',
    'steps:',
    'toString',
  ])('refuses %j', (text) => {
    expect(() => parseSchedule(text)).toThrow(AlexNetError)
  })
})
