import { describe, expect, it } from 'vitest'
import { modelNames } from '../../models/catalogue.js'
import { recipeNames } from '../../runs/node/recipes.js'
import { program } from '../program.js'
import { candidates } from './candidates.js'

/** The words that may stand in the place of the last, and which files. */
async function complete(...typed: string[]): Promise<{ files: string; words: string[] }> {
  const { files, words } = await candidates(await program('0', typed), typed)
  return { files, words: words.map(({ value }) => value) }
}

describe('what may stand at a place', () => {
  it('is a command, with what it does', async () => {
    expect(await complete('ev')).toEqual({ files: 'none', words: ['evaluate'] })
    const all = await candidates(await program('0', []), [''])
    expect(all.words).toContainEqual({ value: 'train', about: 'train a network' })
    expect(all.words.map(({ value }) => value)).not.toContain('complete')
  })

  it('is any option of the command, which no list has to be kept of', async () => {
    const root = await program('0', ['train'])
    const train = root.commands.find((command) => command.name() === 'train')!
    const options = train.options.map(({ long }) => long)
    expect((await complete('train', '--')).words).toEqual([...options, '--quiet', '--verbose', '--help'])
    expect((await complete('train', 'cifar10', '--lr', '0.1', '--epo')).words).toEqual(['--epochs'])
  })

  it.each([
    [
      ['train', '--device', ''],
      ['cpu', 'webgpu'],
    ],
    [['train', '--device', 'w'], ['webgpu']],
    [['train', '--device=w'], ['--device=webgpu']],
    // As Bash parts it.
    [['train', '--device', '=', 'w'], ['webgpu']],
    [
      ['train', '--device', '='],
      ['cpu', 'webgpu'],
    ],
    [
      ['-q', 'train', '--optimizer', ''],
      ['sgd', 'adamw'],
    ],
    [['export', 'x', '--preprocess', 'u'], ['uint8']],
    [['export', 'x', '--preprocess', '--prob'], ['--probabilities']],
    [['train', '--model', 'alexnet-'], modelNames.filter((name) => name.startsWith('alexnet-'))],
    [['bench', '--peer', 'p'], ['pytorch']],
    [['train', '--set', 'schedule.w'], ['schedule.warmup=']],
    [['train', '--epochs', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'bash', ''], []],
  ])('of %j is %j', async (typed, words) => {
    expect(await complete(...typed)).toEqual({ files: 'none', words })
  })

  it.each([
    [['predict', 'no-run', ''], 'files'],
    [['predict', 'no-run', 'a.jpg', 'b'], 'files'],
    [['train', '--out', ''], 'folders'],
    [['train', '--data', ''], 'folders'],
    [['import', ''], 'files'],
    [['report', 'no-run', ''], 'none'],
  ])('of %j are %s', async (typed, files) => {
    expect(await complete(...typed)).toEqual({ files, words: [] })
  })

  it('is a recipe or a data set, or a file', async () => {
    expect(await complete('train', '--recipe', '')).toEqual({ files: 'files', words: await recipeNames() })
    expect(await complete('train', 'cif')).toEqual({ files: 'files', words: ['cifar10'] })
  })
})
