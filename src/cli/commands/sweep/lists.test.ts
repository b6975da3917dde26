import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { sweepCommand } from './command.js'
import type { SweepFlags } from './flags.js'
import { isListed } from './lists.js'

/** What `--set` takes a text for, or what is printed of it. */
function read(text: string): unknown {
  let printed = ''
  const command = sweepCommand()
    .exitOverride()
    .configureOutput({
      writeErr: (line) => {
        printed += line
      },
    })
    .action(() => {})
  try {
    const [given] = command.parse(['--set', text], { from: 'user' }).opts<SweepFlags>().set!
    return isListed(given) ? given.values : [given.value]
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return printed
  }
}

describe('a list of values', () => {
  it.each<[string, unknown[]]>([
    ['optimizer.rate=0.01,0.03', [0.01, 0.03]],
    ['optimizer.rate = 0.01, 3e-2', [0.01, 0.03]],
    ['optimizer.rate=0.01', [0.01]],
    ['training.seed=1..3', [1, 2, 3]],
    ['training.seed=7,3..1', [7, 3, 2, 1]],
    ['optimizer.kind=sgd,adamw', ['sgd', 'adamw']],
    ["weights='a,b.pth',c.pth", ['a,b.pth', 'c.pth']],
    ['weights="it\'s","b"', ["it's", 'b']],
    ['weights=runs/1..2', ['runs/1..2']],
    ['schedule={kind: drops, at: [8, 9]},{kind: cosine}', [{ kind: 'drops', at: [8, 9] }, { kind: 'cosine' }]],
  ])('%s', (text, values) => {
    expect(read(text)).toEqual(values)
  })

  it.each([
    ['optimizer.rate', 'Expected a key and its values, such as optimizer.rate=0.01,0.03.'],
    ['optimizer.rates=1,2', "there is no key 'optimizer.rates'"],
    ['optimizer.rate=0.01,fast', 'optimizer.rate: expected'],
    ['optimizer.rate=0.01,,0.03', 'expected a value before and after each comma'],
    ['optimizer.rate=0.01,0.03,', 'expected a value before and after each comma'],
    ['optimizer.rate=0.1,1e-1', "0.1 stands twice in '0.1,1e-1'"],
    ['training.seed=1..1000000', 'has 1000000 numbers, expected at most 1000'],
    ['optimizer.rate=0.1..0.3', 'A range goes from a whole number to another one, such as 1..3'],
    ['schedule={kind: cosine', 'Expected } at the end'],
    ["weights='a,b", "Expected ' at the end"],
  ])('%s is refused', (text, message) => {
    expect(read(text)).toContain(message)
  })
})
