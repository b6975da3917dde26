import { InvalidArgumentError } from 'commander'
import { wordHere } from '../settings/elsewhere.js'

/** Reads a whole number of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`)
    return value
  }
}

/** Reads a number in [least, below); with `open` the least itself is out too. */
export function real(least: number, below = Number.POSITIVE_INFINITY, open = false): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value >= below || (open && value === least))
      throw new InvalidArgumentError(
        `Expected a number ${open ? 'above' : 'of at least'} ${least}${below < Number.POSITIVE_INFINITY ? ` and below ${below}` : ''}.`,
      )
    return value
  }
}

/** Reads a number above 0. */
export const positive = real(0, undefined, true)

/** Reads one of some words. */
export function choice<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text)
    if (word !== undefined) return word
    const meant = wordHere(text, words)
    throw new InvalidArgumentError(
      `Allowed choices are ${words.join(', ')}.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`,
    )
  }
}

/** Reads a list parted by commas. */
export function list<T>(read: (text: string) => T): (text: string) => readonly T[] {
  return (text) => text.split(',').map((entry) => read(entry.trim()))
}

/** Reads a port. */
export function port(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('Expected a whole number up to 65535.')
  return value
}
