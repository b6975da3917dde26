import type { Argument, Option } from 'commander'
import { peerNames } from '../../bench/node/peers.js'
import { tasks } from '../../bench/workload.js'
import { datasetCatalogue } from '../../data/dataset-catalogue.js'
import { precisions } from '../../engines/engine.js'
import { engineNames } from '../../engines/registry.js'
import { modelCatalogue } from '../../models/catalogue.js'
import { LAST, runsIn } from '../../runs/node/last-run.js'
import { recipeNames } from '../../runs/node/recipes.js'
import { recipeSchema } from '../../runs/recipe.js'
import { ZOO, zooNames } from '../../runs/zoo-names.js'
import { pathsIn } from '../../settings/schema-at.js'

/** Which files of the disk may stand at a place, besides what is named. */
export type FileKind = 'none' | 'files' | 'folders'

/** A word that may stand at a place, and what it is. */
export interface Word {
  readonly value: string
  readonly about?: string
}

/** Where the values of an option or an argument come from, which has no choices of its own. */
export interface Source {
  readonly files?: FileKind
  readonly words?: () => Promise<readonly Word[]> | readonly Word[]
}

const words = (values: readonly string[]) => () => values.map((value) => ({ value }))
const models = () => modelCatalogue.map(({ name, about }) => ({ value: name, about }))

/** The newest first, as `last` says. */
function runs(): Word[] {
  const found = runsIn('runs').toSorted((a, b) => b.changed - a.changed)
  return found.length === 0
    ? []
    : [{ value: LAST, about: `the newest run, ${found[0].path}` }, ...found.map(({ path }) => ({ value: path }))]
}

const zoo = () => zooNames.map((name) => ({ value: `${ZOO}${name}`, about: 'a trained network of the package' }))
const networks = () => [...runs(), ...zoo()]

/** By the name of the option, or of the argument in capitals. */
const byName: Readonly<Record<string, Source>> = {
  RUN: { files: 'files', words: networks },
  RUNS: { files: 'folders', words: runs },
  resume: { files: 'folders', words: runs },
  weights: { files: 'files', words: networks },
  model: { words: models },
  MODEL: { files: 'files', words: () => [...models(), ...networks()] },
  NETWORK: { words: words(zooNames) },
  DATASET: { files: 'files', words: () => datasetCatalogue.map(({ name, about }) => ({ value: name, about })) },
  recipe: { files: 'files', words: async () => words(await recipeNames())() },
  engine: { words: words(['auto', ...engineNames]) },
  precision: { words: words(precisions) },
  peer: { words: words(peerNames) },
  task: { words: words(tasks) },
  set: { words: () => pathsIn(recipeSchema).map((path) => ({ value: `${path.join('.')}=` })) },
  lr: { words: words(['auto']) },
  schedule: { words: words(['constant', 'steps:', 'drops:', 'plateau', 'plateau:', 'cosine', 'one-cycle']) },
}

/** By what an option's value, or an argument, is called. */
const byKind: Readonly<Record<string, Source>> = {
  file: { files: 'files' },
  path: { files: 'files' },
  image: { files: 'files' },
  folder: { files: 'files' },
  dir: { files: 'folders' },
}

export function sourceOf(place: Option | Argument): Source {
  if (!('flags' in place)) return byName[place.name().toUpperCase()] ?? byKind[place.name()] ?? {}
  const [, kind = ''] = /[<[]([^>\]]+)[>\]]/.exec(place.flags) ?? []
  return byName[place.long?.replace(/^--/, '') ?? ''] ?? byKind[kind] ?? {}
}
