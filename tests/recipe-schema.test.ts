import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { recipeJsonSchema, recipeSchemaFile } from '../scripts/recipe-schema.js'
import { recipeNames } from '../src/runs/node/recipes.js'

const committed = readFileSync(recipeSchemaFile, 'utf8')
const schema = z.fromJSONSchema(JSON.parse(committed))
const names = await recipeNames()
const textOf = (name: string) => readFileSync(new URL(`../recipes/${name}.yaml`, import.meta.url), 'utf8')

it('recipes/recipe.schema.json is what `npm run recipe-schema` writes', () => {
  expect(committed).toBe(recipeJsonSchema())
})

it('describes every key of a recipe', () => {
  const bare: string[] = []
  const visit = (at: Readonly<Record<string, unknown>>, place: string) => {
    for (const [key, property] of Object.entries((at.properties ?? {}) as Readonly<Record<string, typeof at>>)) {
      if (property.description === undefined && property.const === undefined) bare.push(`${place}${key}`)
      visit(property, `${place}${key}.`)
    }
    const inner = [at.items ?? [], at.oneOf ?? [], Object.values(at.definitions ?? {})].flat() as (typeof at)[]
    for (const one of inner) visit(one, place)
  }
  visit(JSON.parse(committed), '')
  expect(bare).toEqual([])
})

it.each(names)('the recipe %s names the schema to editors, and fits it', (name) => {
  const text = textOf(name)
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./recipe.schema.json')
  expect(schema.safeParse(parse(text)).error).toBeUndefined()
})

it.each([
  ['optimizer', { rate: 0 }],
  ['optimizer', { rate: 0.1, rat: 1 }],
  ['schedule', { kind: 'cosine', every: 3 }],
  ['model', {}],
  ['model', { name: 'own', features: [{ kind: 'conv2d', filtres: 3 }], classifier: [{ kind: 'linear', outputs: 2 }] }],
])('a recipe with another %s, %j, does not fit it', (key, value) => {
  const recipe = parse(textOf('shapes')) as Record<string, unknown>
  expect(schema.safeParse({ ...recipe, [key]: value }).success).toBe(false)
})
