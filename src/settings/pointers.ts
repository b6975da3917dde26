import type { Pointers } from './check.js'
import { calledHere, plainName, wordHere } from './elsewhere.js'
import { pathsIn } from './schema-at.js'

/** Points from names of elsewhere, and from keys in another place or spelling, to the keys of a schema. */
export function pointersIn(schema: unknown): Pointers {
  return {
    key(path) {
      const name = path.at(-1) ?? ''
      const here = keyHere(schema, name)
      // A section within a section says what is meant: `data.mix.alpha` is not the alpha that scales a network.
      const section = path.slice(0, -1).join('.')
      if (path.length > 2 && here !== `${section}.${here?.split('.').at(-1)}`) return undefined
      if (here !== undefined) return `It is ${here} here.`
      // A single letter is short for an option on a command line alone.
      const option = name.length > 1 && calledHere(name, (candidate) => candidate.startsWith('--'))
      return option ? `It is no part of a recipe here, but an option of the command line: ${option}.` : undefined
    },
    word(text, known) {
      const here = wordHere(text, known)
      return here && `Did you mean '${here}'?`
    },
  }
}

/** The key of a schema that is meant by a name: one of its own in another place or spelling, or that of another program. */
export function keyHere(schema: unknown, name: string): string | undefined {
  const paths = pathsIn(schema)
  const own = paths.filter((path) => plainName(path.at(-1) ?? '') === plainName(name))
  const keys = paths.map((path) => path.join('.'))
  return own.length === 1 ? own[0].join('.') : calledHere(name, (candidate) => keys.includes(candidate))
}
