import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { withoutAutoRate } from '../src/cli/commands/train/auto-rate.js'
import type { TrainFlags } from '../src/cli/commands/train/flags.js'
import { trainSettings } from '../src/cli/commands/train/settings.js'
import { datasetNames } from '../src/data/dataset-catalogue.js'
import { AlexNetError } from '../src/errors.js'
import { recipeSchema } from '../src/runs/recipe.js'
import { parseRecipe } from '../src/runs/recipe-yaml.js'
import { things } from '../src/settings/elsewhere.js'
import { pathOf } from '../src/settings/key.js'
import { keysAt } from '../src/settings/schema-at.js'
import { anchorsOf, blocksOf, callsIn, inlineCodeOf, linksOf, optionsIn, pages, textOf } from './support/docs.js'
import { idleProgram, optionsOf } from './support/idle-program.js'

const whole = await idleProgram()

const everywhere = [...optionsOf(whole), '--help']
const anyCommand = new Set([...everywhere, ...whole.commands.flatMap(optionsOf)])

/** Options of a command, of a script in bench/, or of other programs, which are answered with the name here. */
function isOption(option: string): boolean {
  return (
    anyCommand.has(option) ||
    benchScripts.includes(option) ||
    things.some(({ elsewhere }) => elsewhere.split(' ').includes(option.slice(2)))
  )
}

const benchScripts = readdirSync(new URL('../bench/', import.meta.url))
  .filter((name) => /\.(js|py)$/.test(name))
  .map((name) => readFileSync(new URL(`../bench/${name}`, import.meta.url), 'utf8'))
  .join()

describe.each(pages)('$name', ({ name, text }) => {
  it('links to what is there', () => {
    const dead = linksOf(text).filter((target) => {
      if (/^(https?|mailto):/.test(target)) return false
      const [path, anchor] = target.split('#')
      const file = path === '' ? name : normalize(join(dirname(name), decodeURI(path)))
      if (!existsSync(fileURLToPath(new URL(`../${file}`, import.meta.url)))) return true
      return anchor !== undefined && !anchorsOf(textOf(file)).has(anchor)
    })
    expect(dead).toEqual([])
  })

  const shown = blocksOf(text).filter(({ language }) => ['', 'sh'].includes(language))
  const calls = [...shown.map(({ code }) => code), ...inlineCodeOf(text)].flatMap(callsIn).filter(isWhole)

  it.runIf(calls.length > 0)('shows commands that are understood', async () => {
    for (const words of calls) {
      const root = await idleProgram()
      try {
        await root.parseAsync(words, { from: 'user' })
        if (words[0] === 'train') await expectSettings(root)
      } catch (error) {
        // A command may be named without its arguments (`alexnet predict`), and here is no newest run.
        const isName = error instanceof CommanderError && /missing(Argument|MandatoryOptionValue)/.test(error.code)
        const isLast = error instanceof AlexNetError && error.message.startsWith("'last' is the newest run")
        if (!isName && !isLast) throw new Error(`alexnet ${words.join(' ')}: ${error}`)
      }
    }
  })

  it('names options that there are', () => {
    const wrong = inlineCodeOf(text).flatMap((code) => {
      const [words] = callsIn(code)
      const command = words && whole.commands.find((one) => one.name() === words[0])
      if (command === undefined) return code.startsWith('-') ? optionsIn(code).filter((one) => !isOption(one)) : []
      const known = [...everywhere, ...optionsOf(command)]
      return optionsIn(code).filter((option) => !known.includes(option))
    })
    expect(wrong).toEqual([])
  })

  it('names keys of recipes that there are', () => {
    const keys = inlineCodeOf(text).filter((code) =>
      /^(model|data|training|optimizer|schedule)(\.[a-zA-Z0-9]+)+$/.test(code),
    )
    for (const key of keys) if (!/\.(ts|json|jsonl)$/.test(key)) pathOf(recipeSchema, key)
    for (const { language, code } of blocksOf(text)) if (language === 'yaml') expectRecipe(code)
  })
})

/** Nothing is to be put in: that stands in capitals or brackets, as in `alexnet evaluate RUN`, `alexnet train [dataset]`. */
function isWhole(words: readonly string[]): boolean {
  return words.length > 0 && !words.some((word) => /[[<…]|^[A-Z]+$|^--(help|version)$/.test(word))
}

/** The settings of a training are put together without a contradiction. Files that it names are not there. */
async function expectSettings(root: Command): Promise<void> {
  const train = root.commands.find((command) => command.name() === 'train')!
  const { flags } = withoutAutoRate({ ...train.opts<TrainFlags>() })
  const [dataset] = train.args
  const isFile = flags.set?.some(({ path: [key] }) => key === 'weights') || /[/.]/.test(flags.recipe ?? '')
  if (isFile || flags.resume !== undefined) return
  const name = dataset === undefined || datasetNames.includes(dataset) ? dataset : 'pictures'
  await trainSettings({ name }, flags)
}

/** YAML that shows a recipe, or a part of one. */
function expectRecipe(code: string): void {
  const shown: unknown = parse(code)
  if (shown === null) return
  const keys = Object.keys(shown as object)
  if (keys.includes('model') && keys.includes('training')) parseRecipe(code, 'a recipe')
  else expect(keys.filter((key) => !keysAt(recipeSchema, []).includes(key))).toEqual([])
}

it('the help of alexnet leads to a primer that is there', () => {
  let help = ''
  whole.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  const [path] = /\S*docs.primer\.md/.exec(help) ?? []
  expect(existsSync(path ?? '')).toBe(true)
})

it('the workflow for GitHub runs what every change must pass', () => {
  const text = readFileSync(new URL('../.github/workflows/ci.yml', import.meta.url), 'utf8')
  const { jobs } = z
    .object({ jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })) })
    .parse(parse(text))
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(readJson('package.json'))
  const runs = jobs.everything.steps.flatMap(({ run = '' }) => run.match(/^npm (?:run )?[\w:]+$/) ?? [])
  expect(runs).toEqual(['npm ci', 'npm run lint', 'npm run typecheck', 'npm test', 'npm run test:release'])
  for (const run of runs.slice(1)) expect(scripts).toHaveProperty([run.replace(/^npm (run )?/, '')])
})

it('files of the repository that the docs name are there', () => {
  const folders = ['bench', 'examples', 'recipes', 'scripts', 'src', 'tests', 'web']
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' }).map(
      (file) => `/${folder}/${file.replaceAll('\\', '/')}`,
    ),
  )
  // CONTRIBUTING.md tells how these are added.
  const examples = /\b(square|leaky-relu|rmsprop)\.ts$/
  const named = pages.flatMap(({ text }) =>
    inlineCodeOf(text).filter((code) => /^[\w./-]+\.(ts|tsx|js|py)$/.test(code)),
  )
  expect(named.filter((name) => !examples.test(name) && !files.some((file) => file.endsWith(`/${name}`)))).toEqual([])
})

it('npm scripts that the docs name are there', () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(readJson('package.json'))
  const named = pages.flatMap(({ text }) =>
    [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name),
  )
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
}
