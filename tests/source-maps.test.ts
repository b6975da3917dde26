import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root, sourcesIn } from './support/build-state.js'

const outputs = sourcesIn('src')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join(root, file.replace(/^src/, 'dist').replace(/\.ts$/, '')))
const textOf = (file: string) => readFileSync(file, 'utf8')

it('the source maps of the package hold their sources, which are not shipped beside them', () => {
  expect(outputs.length).toBeGreaterThan(100)
  const without = outputs.filter((output) => {
    const { sources, sourcesContent = [] } = JSON.parse(textOf(`${output}.js.map`)) as {
      sources: string[]
      sourcesContent?: (string | null)[]
    }
    return !sources.every((_, i) => typeof sourcesContent[i] === 'string')
  })
  expect(without).toEqual([])
})

it('nothing names a source map that is not there', () => {
  const named = outputs.flatMap((output) =>
    [`${output}.js`, `${output}.d.ts`].flatMap((file) => {
      const [, map] = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(textOf(file)) ?? []
      return map === undefined ? [] : [join(file, '..', map)]
    }),
  )
  expect(named.length).toBe(outputs.length)
  expect(named.filter((map) => !existsSync(map))).toEqual([])
})
