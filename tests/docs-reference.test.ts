import { readdirSync, readFileSync } from 'node:fs'
import type { Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { modelNames } from '../src/models/catalogue.js'
import { layerSchema } from '../src/models/layers/index.js'
import { recipeNames } from '../src/runs/node/recipes.js'
import { recipeSchema } from '../src/runs/recipe.js'
import { keysAt, objectsIn, schemasAt, wordsOf } from '../src/settings/schema-at.js'
import { inlineCodeOf, optionsIn, rowsOf, sectionOf, textOf } from './support/docs.js'
import { idleProgram, optionsOf } from './support/idle-program.js'

const reference = textOf('docs/command-line.md')
const whole = await idleProgram()

describe('docs/command-line.md', () => {
  const commands = whole
    .createHelp()
    .visibleCommands(whole)
    .filter((command) => command.name() !== 'help')
  const general = sectionOf(reference, 'What holds for all')
  const [, computing] = general.split('**Compute options**')
  /** The options in the first cells of tables. */
  const listed = (text: string) => rowsOf(text).flatMap(([first]) => (first.startsWith('`-') ? optionsIn(first) : []))
  const compute = listed(computing.split('**Environment')[0])
  const isComputing = (command: Command) =>
    command.name() !== 'bench' && compute.every((option) => optionsOf(command).includes(option))

  /** A command that trains has the options of train: its section says so, and lists what it has besides or otherwise. */
  const training = (name: string) => {
    const takesOver = /options of \[?`(alexnet )?train`/.test(sectionOf(reference, `alexnet ${name}`))
    return takesOver ? rowsOf(sectionOf(reference, 'alexnet train')) : []
  }

  it('lists every command, and no other', () => {
    const names = [...reference.split('\n## ')[0].matchAll(/^\| \[`([\w-]+)`\]/gm)].map(([, name]) => name)
    expect(names.sort()).toEqual(commands.map((command) => command.name()).sort())
  })

  it('names the options of the whole program, and the commands that compute', () => {
    for (const { long, short } of whole.options) {
      expect(general + reference.split('\n## ')[0]).toContain(long)
      if (long !== '--version') expect(general).toContain(`\`${short}\``)
    }
    const [sentence] = computing.split('\n')
    const named = inlineCodeOf(sentence).sort()
    expect(named).toEqual(
      commands
        .filter(isComputing)
        .map((command) => command.name())
        .sort(),
    )
  })

  it.each(commands.map((command) => [command.name(), command] as const))(
    'lists every option of %s',
    (name, command) => {
      const section = sectionOf(reference, `alexnet ${name}`)
      const own = optionsOf(command).filter((option) => !(isComputing(command) && compute.includes(option)))
      // Small commands have no table.
      const table = listed(section)
      const there = table.length > 0 ? table : optionsIn(section.split('```')[1])
      const elsewhere = training(name)
        .flatMap(([first]) => (first.startsWith('`-') ? optionsIn(first) : []))
        .filter((option) => own.includes(option) && !there.includes(option))
      expect([...there, ...new Set(elsewhere)].sort()).toEqual(own.sort())
    },
  )

  it.each(commands.map((command) => [command.name(), command] as const))(
    'names what options of %s take',
    (name, command) => {
      const rows = [...rowsOf(sectionOf(reference, `alexnet ${name}`)), ...rowsOf(computing), ...training(name)]
      const missing = command.options.flatMap(({ long, required, argChoices = [] }: Option) => {
        const row = rows.find(([first]) => optionsIn(first).includes(long!))?.join(' ') ?? ''
        return required
          ? argChoices.filter((word) => !row.includes(`\`${word}\``)).map((word) => `${long} ${word}`)
          : []
      })
      expect(missing).toEqual([])
    },
  )

  it('names every recipe and network of the package', async () => {
    const [recipe, model] = ['--recipe', '--model'].map(
      (option) => rowsOf(sectionOf(reference, 'alexnet train')).find(([first]) => first.includes(option))![1],
    )
    const all = new Set([...(await recipeNames()), ...modelNames])
    expect(
      inlineCodeOf(recipe)
        .filter((word) => all.has(word))
        .sort(),
    ).toEqual((await recipeNames()).sort())
    expect(inlineCodeOf(model).filter((word) => all.has(word))).toEqual([...modelNames])
  })

  it('lists the environment variables that are read, and no other', () => {
    const sources = readdirSync(new URL('../src/', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(new URL(`../src/${file.replaceAll('\\', '/')}`, import.meta.url), 'utf8'))
    const read = new Set(sources.flatMap((source) => source.match(/\bALEXNET_[A-Z0-9_]+/g) ?? []))
    const [, variables] = general.split('**Environment variables.**')
    const named = rowsOf(variables).flatMap(([first]) => inlineCodeOf(first))
    expect(named.filter((name) => name.startsWith('ALEXNET_')).sort()).toEqual([...read].sort())
  })

  it('lists every key of a recipe, and no other', () => {
    const [keys, schedules] = sectionOf(reference, 'Recipes').split('| schedule ')
    let prefix = ''
    const named = rowsOf(keys).flatMap(([first]) =>
      inlineCodeOf(first).map((key) => {
        if (key.startsWith('.')) return `${prefix}${key}`
        prefix = key.slice(0, key.lastIndexOf('.'))
        return key
      }),
    )
    expect([...new Set(named)].sort()).toEqual(leavesOf([]).sort())
    const kinds = rowsOf(schedules).flatMap(([first]) => inlineCodeOf(first).map((code) => code.replace('kind: ', '')))
    expect(kinds).toEqual(
      schemasAt(recipeSchema, ['schedule', 'kind'])
        .flatMap(wordsOf)
        .filter((kind) => kind !== 'constant'),
    )
    for (const key of keysAt(recipeSchema, ['schedule'])) expect(schedules).toContain(key)
  })
})

it('docs/library.md lists every layer with its settings', () => {
  const [, section] = textOf('docs/library.md').split('## A network of your own')
  const rows = rowsOf(section.split('\n\n`weight`')[0])
  const kinds = rows.flatMap(([kinds, settings]) =>
    inlineCodeOf(kinds).map((kind) => [kind, inlineCodeOf(settings)] as const),
  )
  const schemas = objectsIn(layerSchema).map(
    ({ shape: { kind, ...settings } }) => [String(wordsOf(kind)), Object.keys(settings)] as const,
  )
  expect(kinds.map(([kind]) => kind).sort()).toEqual(schemas.map(([kind]) => kind).sort())
  for (const [kind, settings] of schemas)
    expect(Object.fromEntries(kinds)[kind]).toEqual(expect.arrayContaining(settings))
})

/** The keys with dots that hold no keys themselves; the schedule, lists and records count as one. */
function leavesOf(path: readonly string[]): string[] {
  return keysAt(recipeSchema, path).flatMap((key) => {
    const here = [...path, key]
    const isOne = key === 'schedule' || keysAt(recipeSchema, here).length === 0
    return isOne ? [here.join('.')] : leavesOf(here)
  })
}
