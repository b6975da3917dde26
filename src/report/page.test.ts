import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { createModel } from '../models/catalogue.js'
import { freshProgress } from '../runs/progress.js'
import { checkRecipe } from '../runs/recipe.js'
import type { ReportContent } from './content.js'
import { page } from './page.js'

const recipe = checkRecipe(
  { model: { name: 'alexnet-cifar' }, data: { name: 'pictures' }, training: { epochs: 9 }, optimizer: { rate: 0.1 } },
  'test',
)

/** A run on so many classes, of each of which 5 pictures are classified, one of them as the class after it. */
function contentOf(classes: readonly string[], changes: Partial<ReportContent> = {}): ReportContent {
  const count = classes.length
  const confusion = new Uint32Array(count * count)
  for (let label = 0; label < count; label++) {
    confusion[label * count + label] = 4
    confusion[label * count + ((label + 1) % count)] = 1
  }
  const measure = { loss: 1.25, error: 0.5 }
  return {
    run: 'flowers-1',
    checkpoint: {
      model: createModel('alexnet-cifar', { inputShape: [3, 16, 16], classes: count }, { width: 1 / 16 }),
      classes,
      preprocessing: {
        size: 16,
        normalisation: { kind: 'channel', mean: [1, 1, 1], deviation: [1, 1, 1] },
        augmentation: [],
      },
      recipe,
      progress: { ...freshProgress, epoch: 2 },
    },
    recipe: 'model:\n  name: <b>\n',
    data: 'flowers',
    part: 'validation',
    assessment: { metrics: { top1: 0.8, top5: 1, loss: 0.5, images: 5 * count }, confusion, mistakes: [] },
    mistakes: [],
    history: {
      part: 'validation',
      epochs: [1, 2, 3].map((epoch) => ({ epoch, rate: 0.1, images: 10, training: measure, evaluation: measure })),
      rates: [{ epoch: 0.5, rate: 0.1 }],
    },
    work: { sessions: [], seconds: 90 },
    ...changes,
  }
}

const parsed = (content: ReportContent) => parseHTML(page(content)).document

describe('page', () => {
  it('escapes names that want to end what they stand in', () => {
    const evil = ['</style><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', 'a\u0000b']
    const picture = { source: 'data:image/png;base64,AA==', width: 4, height: 4 }
    const mistake = { index: 0, label: 0, predicted: 1, probability: 0.75, picture, name: evil[0] }
    const scan = {
      path: evil[1],
      classes: evil,
      counts: { train: [1, 2, 3] },
      skipped: [{ name: evil[0], reason: evil[1] }],
      ignored: 1,
      endings: { [evil[0]]: 1 },
      hidden: 0,
      emptyClasses: [{ name: evil[0], reason: evil[1] }],
      notes: [evil[0]],
      followLinks: false,
      singleColour: [evil[0]],
      duplicates: [{ train: evil[0], evaluated: evil[1] }],
      cache: 'memory' as const,
    }
    const document = parsed(contentOf(evil, { run: evil[0], data: evil[1], mistakes: [mistake], scan }))
    expect(document.querySelectorAll('script, [onerror]')).toHaveLength(0)
    expect(document.querySelectorAll('style')).toHaveLength(1 + 3) // the page's, and one in each plot
    expect(document.querySelectorAll('img')).toHaveLength(1)
    expect(document.querySelector('img')?.getAttribute('alt')).toBe(`${evil[0]}, taken for ${evil[1]}`)
    expect(document.querySelector('pre')?.textContent).toBe('model:\n  name: <b>\n')
  })

  it('says which epoch the parameters are of', () => {
    const text = parsed(contentOf(['a', 'b'])).body.textContent
    expect(text).toContain('of 3, the lowest validation loss')
    expect(text).toContain('these parameters')
    const { checkpoint } = contentOf(['a', 'b'])
    const training = { ...recipe.training, patience: 1 }
    const best = { loss: 1, epoch: 2, part: 'validation' } as const
    const ended = { ...checkpoint, recipe: { ...recipe, training }, progress: { ...checkpoint.progress, best } }
    expect(parsed(contentOf(['a', 'b'], { checkpoint: ended })).body.textContent).toContain('ended by a patience of 1')
  })

  it('with ten classes shows the matrix, with more than thirty the pairs that are confused most', () => {
    const named = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`)
    expect(parsed(contentOf(named(10))).querySelectorAll('.matrix tbody td')).toHaveLength(100)
    const document = parsed(contentOf(named(31)))
    expect(document.querySelectorAll('.matrix')).toHaveLength(0)
    expect(document.querySelectorAll('section[aria-labelledby=confusion] tbody tr')).toHaveLength(31)
    expect(document.querySelectorAll('details .classes tbody tr')).toHaveLength(1)
  })

  it('stays small with thousands of classes, epochs and files', () => {
    const epochs = contentOf(['a', 'b']).history.epochs
    const names = Array.from({ length: 3000 }, (_, i) => `n0${i}, a name as ImageNet has them`)
    const content = contentOf(names, {
      history: {
        part: 'validation',
        epochs: Array.from({ length: 5000 }, (_, i) => ({ ...epochs[0], epoch: i + 1 })),
        rates: Array.from({ length: 100_000 }, (_, i) => ({ epoch: i / 20, rate: 0.1 })),
      },
      scan: {
        ...{ path: '/pictures', classes: names, counts: { train: names.map(() => 5) }, ignored: 0, cache: 'none' },
        skipped: names.map((name) => ({ name, reason: 'cut off' })),
        singleColour: [],
        duplicates: [],
        endings: {},
        hidden: 0,
        emptyClasses: names.map((name) => ({ name, reason: 'its folder is empty' })),
        notes: names,
        followLinks: false,
      },
    })
    expect(page(content).length).toBeLessThan(350_000)
  })

  it('says which classes lie behind, and gives the mean of the classes where they are not equally frequent', () => {
    const metrics = { top1: 0.9, top5: 1, loss: 0.5, images: 1000 }
    const rare = { metrics, confusion: Uint32Array.of(880, 20, 80, 20), mistakes: [] }
    const text = parsed(contentOf(['cat', 'heron'], { assessment: rare })).body.textContent
    expect(text).toContain('Mean of the classes58.89 %')
    expect(text).toContain('heron 20.00 % (20 of 100); rare classes count for more with --balanced')
    const even = parsed(contentOf(['cat', 'heron'])).body.textContent
    expect(even).not.toMatch(/Mean of the classes\d|lie behind/)
  })

  it('reports a checkpoint without metrics', () => {
    const history = { part: 'validation', epochs: [], rates: [] } as const
    const text = parsed(contentOf(['a', 'b'], { history, work: { sessions: [], seconds: 0 } })).body.textContent
    expect(text).toContain('No epoch has been recorded.')
    expect(text).toContain('was not recorded')
  })
})
