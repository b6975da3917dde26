import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import type { FolderFacts } from '../data/folder-facts.js'
import { folderDefaults, needsTrained, withDefaults } from './folder-defaults.js'
import { readRecipe } from './node/recipes.js'
import type { Recipe } from './recipe.js'

const pictures = await readRecipe('pictures')

function factsOf(count: number, side: number, classes = 2): FolderFacts {
  const counts = Array.from({ length: classes }, (_, n) => Math.floor((count + n) / classes))
  return { counts, hasValidation: false, size: { width: side + 20, height: side } }
}

const keysOf = (facts: FolderFacts, size?: number) => folderDefaults(facts, pictures, size).map(({ key }) => key)

/** The cells of a row of the documentation. */
function rowOf(count: number, side: number, { model, data, training, optimizer }: Recipe): string[] {
  const crop = data.augmentation.find(({ kind }) => kind === 'random-resized-crop')
  const seen = crop && 'size' in crop ? `${crop.size} of ${data.size}` : String(data.size)
  const number = (value: number) => value.toLocaleString('en')
  return [
    ...[number(count), number(side), model.name, seen, number(training.epochs), number(training.minimumSteps ?? 0)],
    ...[number(training.batchSize), String(optimizer.rate), `${100 * data.validation} %`],
  ]
}

it('docs/pictures.md tells what the settings are for a folder', async () => {
  const text = await readFile(new URL('../../docs/pictures.md', import.meta.url), 'utf8')
  const [, table] = /\| pictures +\| shorter side .*\n\|[-| ]+\n((?:\|.*\n)+)/.exec(text) ?? []
  const rows = table.trim().split('\n')
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  expect(cells.length).toBeGreaterThan(6)
  for (const row of cells) {
    const [count, side] = row.slice(0, 2).map((cell) => Number(cell.replaceAll(',', '')))
    expect(row).toEqual(rowOf(count, side, withDefaults(pictures, folderDefaults(factsOf(count, side), pictures))))
  }
})

it('some thousand photographs are what the recipe is made for, and so are pictures of which nothing is known', () => {
  for (const count of [1000, 4000]) expect(folderDefaults(factsOf(count, 224), pictures)).toEqual([])
  expect(folderDefaults({ counts: [2000, 10], hasValidation: false }, pictures)).toEqual([])
})

it('small pictures are moved and mirrored, and nothing is cut away of them', () => {
  const { data } = withDefaults(pictures, folderDefaults(factsOf(3000, 40), pictures))
  expect(data.augmentation).toEqual([
    { kind: 'random-crop', padding: 5 },
    ...pictures.data.augmentation.filter(({ kind }) => kind !== 'random-resized-crop'),
  ])
  expect(withDefaults(pictures, folderDefaults(factsOf(3000, 12), pictures)).data.size).toBe(32)
})

it('a size that is asked for takes the place of the pictures’ own', () => {
  expect(keysOf(factsOf(180, 40), 224)).toEqual(['training.minimumSteps'])
  expect(keysOf(factsOf(3000, 500), 48)).toEqual(['model.name', 'data.augmentation'])
})

it('nothing is held out where there is a part to measure by', () => {
  expect(keysOf(factsOf(12_000, 300))).toContain('data.validation')
  expect(keysOf({ ...factsOf(12_000, 300), hasValidation: true })).not.toContain('data.validation')
})

it('says why, of each', () => {
  const whys = (count: number, side: number) => folderDefaults(factsOf(count, side), pictures).map(({ why }) => why)
  expect(new Set(whys(24, 300))).toEqual(new Set(['the pictures are few', 'the pictures are very few']))
  expect(new Set(whys(3000, 100))).toEqual(new Set(['the pictures are small']))
  expect(new Set(whys(30_000, 300))).toEqual(new Set(['the pictures are many']))
})

it('few photographs of a class want a trained network; icons do not', () => {
  expect([needsTrained(factsOf(180, 500, 3)), needsTrained(factsOf(180, 40, 3))]).toEqual([true, false])
  expect([needsTrained(factsOf(1990, 500, 10)), needsTrained(factsOf(2000, 500, 10))]).toEqual([true, false])
})
