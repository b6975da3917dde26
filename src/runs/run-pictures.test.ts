import { describe, expect, it } from 'vitest'
import type { Dataset, DatasetParts } from '../data/dataset.js'
import { describeChanges, partsOfRun, picturesOf } from './run-pictures.js'

/** Pictures without pixels: `class/name: content`. */
function part(name: string, files: Readonly<Record<string, string>>, classes = ['cat', 'dog']): Dataset {
  const names = Object.keys(files)
  return {
    name: `folder ${name}`,
    classes,
    labels: Uint16Array.from(names, (path) => classes.indexOf(path.split('/')[0])),
    names,
    contents: Object.values(files),
    pictures: { kind: 'encoded', side: 1, files: names },
  }
}

const learnt = { 'cat/1': 'A', 'cat/2': 'B', 'dog/1': 'C' }
const heldOut = { 'cat/3': 'D', 'dog/3': 'E' }
const run = picturesOf({ train: part('train', learnt), validation: part('validation', heldOut) })

/** What a run makes of a folder of one part: `class/name` of each picture. */
function now(files: Readonly<Record<string, string>>, classes?: string[]) {
  const { data, changes } = partsOfRun(run, { train: part('train', files, classes) })
  const shown = (dataset: Dataset | undefined) =>
    dataset?.names?.map((name, n) => `${dataset.classes[dataset.labels[n]]}: ${name}`) ?? []
  return { train: shown(data.train), validation: shown(data.validation), changes, data }
}

const unchanged = { added: 0, missing: 0, changed: 0, renamed: 0 }

describe('partsOfRun', () => {
  it('gives each picture its part, in the order of the run', () => {
    const { train, validation, changes, data } = now({ ...heldOut, ...learnt })
    expect(train).toEqual(['cat: cat/1', 'cat: cat/2', 'dog: dog/1'])
    expect(validation).toEqual(['cat: cat/3', 'dog: dog/3'])
    expect(data.train.pictures).toMatchObject({ files: ['cat/1', 'cat/2', 'dog/1'] })
    expect([data.train.name, data.validation?.name]).toEqual(['folder train', 'folder validation'])
    expect(changes).toEqual(unchanged)
    expect(describeChanges(changes)).toEqual([])
  })

  it('leaves aside what came later, new classes too', () => {
    const files = { 'ant/1': 'X', 'cat/0': 'Y', ...learnt, ...heldOut }
    const { train, validation, changes, data } = now(files, ['ant', 'cat', 'dog'])
    expect(data.train.classes).toEqual(['cat', 'dog'])
    expect(train).toEqual(['cat: cat/1', 'cat: cat/2', 'dog: dog/1'])
    expect(validation).toEqual(['cat: cat/3', 'dog: dog/3'])
    expect(changes).toEqual({ ...unchanged, added: 2 })
  })

  it('knows a picture under another name, and names those that have gone', () => {
    const { train, validation, changes } = now({ 'cat/9': 'A', 'cat/2': 'B', 'dog/1': 'C', 'dog/9': 'E' })
    expect(train).toEqual(['cat: cat/9', 'cat: cat/2', 'dog: dog/1'])
    expect(validation).toEqual(['dog: dog/9'])
    expect(changes).toEqual({ ...unchanged, missing: 1, renamed: 2 })
    expect(describeChanges(changes)).toEqual(['the pictures have changed since the run began: 1 missing, 2 renamed'])
  })

  it('goes on with a picture that was changed, and with its new class', () => {
    const { train, validation, changes } = now({
      'cat/1': 'A2',
      'dog/2': 'B',
      'dog/1': 'C',
      'cat/3': 'D2',
      'dog/3': 'E',
    })
    expect(train).toEqual(['cat: cat/1', 'dog: dog/2', 'dog: dog/1'])
    expect(validation).toEqual(['cat: cat/3', 'dog: dog/3'])
    expect(changes).toEqual({ ...unchanged, changed: 3, renamed: 1 })
  })

  it('never measures a picture that it has learnt from, under whatever name', () => {
    const swapped = now({ ...learnt, 'cat/3': 'A', 'dog/3': 'E' })
    expect(swapped.validation).toEqual(['dog: dog/3'])
    expect(swapped.changes).toEqual({ ...unchanged, added: 1, missing: 1 })
    const copied = now({ 'cat/0': 'A', ...learnt, ...heldOut })
    expect(copied.validation).toEqual(['cat: cat/3', 'dog: dog/3'])
    expect(copied.train[0]).toBe('cat: cat/1')
  })

  it('never learns from a picture that measures it, under whatever name', () => {
    const copied = now({ 'cat/1': 'D', 'cat/2': 'B', 'dog/1': 'C', ...heldOut })
    expect(copied.train).toEqual(['cat: cat/2', 'dog: dog/1'])
    expect(copied.validation).toEqual(['cat: cat/3', 'dog: dog/3'])
    expect(copied.changes).toEqual({ ...unchanged, added: 1, missing: 1 })
  })

  it('finds its pictures in whichever part the folder has them now', () => {
    const found: DatasetParts = { train: part('train', heldOut), validation: part('validation', learnt) }
    const { data } = partsOfRun(run, found)
    expect(data.train.names).toEqual(['cat/1', 'cat/2', 'dog/1'])
    expect(data.validation?.names).toEqual(['cat/3', 'dog/3'])
  })
})
