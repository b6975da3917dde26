import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDataset } from '../load-dataset.js'
import { type FindOptions, findPictures } from './find-pictures.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-find-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** Files without content: nothing is decoded here. */
async function touch(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), '')
  }
}

/** `class: name` of each picture in each part, and what is said. */
async function found(options?: FindOptions) {
  const { classes, parts, notes, emptyClasses, skipped, endings, hidden } = await findPictures(dir, options)
  const part = (entries: typeof parts.test) => entries?.map(({ label, name }) => `${classes[label]}: ${name}`)
  const told = { notes, emptyClasses, skipped, endings, hidden }
  return { classes, train: part(parts.train), validation: part(parts.validation), test: part(parts.test), ...told }
}

describe('parts', () => {
  it.each([
    ['Train', 'Val', 'Test'],
    ['TRAINING', 'Validation', 'TESTING'],
    ['train_set', 'valid-set', 'test set'],
    ['trainData', 'dev', 'test_images'],
    ['images_train', 'images.val', 'images test'],
  ])('are %s, %s and %s', async (train, validation, test) => {
    for (const part of [train, validation, test]) await touch(`${part}/cat/1.jpg`, `${part}/dog/1.jpg`)
    expect(await found()).toMatchObject({
      classes: ['cat', 'dog'],
      train: [`cat: ${train}/cat/1.jpg`, `dog: ${train}/dog/1.jpg`],
      validation: [`cat: ${validation}/cat/1.jpg`, `dog: ${validation}/dog/1.jpg`],
      test: [`cat: ${test}/cat/1.jpg`, `dog: ${test}/dog/1.jpg`],
      notes: [],
    })
  })

  it('may have something in common in their names, and be packed twice', async () => {
    await touch('seg_train/seg_train/sea/1.jpg', 'seg_train/seg_train/ice/1.jpg', 'seg_pred/seg_pred/1.jpg')
    await touch('seg_test/seg_test/sea/1.jpg', 'seg_test/seg_test/ice/1.jpg')
    expect(await found()).toMatchObject({
      train: ['ice: seg_train/seg_train/ice/1.jpg', 'sea: seg_train/seg_train/sea/1.jpg'],
      test: ['ice: seg_test/seg_test/ice/1.jpg', 'sea: seg_test/seg_test/sea/1.jpg'],
      notes: [expect.stringContaining('not read: seg_pred/ (1 picture)')],
    })
    await rm(join(dir, 'seg_test'), { recursive: true })
    await touch('bullet train/1.jpg')
    expect((await found()).classes).toEqual(['bullet train', 'seg_pred', 'seg_train'])
  })

  it('names folders beside them that are not read', async () => {
    await touch(
      'train/cat/1.jpg',
      'train/dog/1.jpg',
      'training/cat/1.jpg',
      'extra/1.jpg',
      'extra/more/2.jpg',
      'docs/a.txt',
    )
    expect((await found()).notes).toEqual([
      'beside train/, which is the part to learn from, these are not read: extra/ (2 pictures), training/ (1 picture)',
    ])
  })

  it('are not folders of pictures beside other such folders', async () => {
    await touch('bus/1.jpg', 'car/1.jpg', 'train/1.jpg', 'test/1.jpg')
    expect(await found()).toMatchObject({
      classes: ['bus', 'car', 'test', 'train'],
      notes: [
        'test/ is a class: it holds pictures, as the folders beside it do',
        'train/ is a class: it holds pictures, as the folders beside it do',
      ],
    })
  })

  it('may be in one folder beside the classes, if its folders are called as they are', async () => {
    await touch('bus/1.jpg', 'car/1.jpg', 'Test/bus/2.jpg', 'Test/car/2.jpg')
    expect(await found()).toMatchObject({
      train: ['bus: bus/1.jpg', 'car: car/1.jpg'],
      test: ['bus: Test/bus/2.jpg', 'car: Test/car/2.jpg'],
      notes: ['Test/ is a part: its folders are called as the classes beside it'],
    })
  })

  it('need one to learn from', async () => {
    await touch('val/cat/1.jpg', 'val/dog/1.jpg', 'test/cat/1.jpg')
    await expect(found()).rejects.toThrow('there is test/ and no train/')
  })

  it('may lie in folders that hold nothing else, as may class folders', async () => {
    await touch(
      'a/b/train/train/cat/1.jpg',
      'a/b/train/train/dog/1.jpg',
      'a/b/val/images/1.jpg',
      'a/b/val/images/2.jpg',
    )
    await writeFile(join(dir, 'val.txt'), '1.jpg 1\n2.jpg 0\n')
    expect(await found()).toMatchObject({
      train: ['cat: a/b/train/train/cat/1.jpg', 'dog: a/b/train/train/dog/1.jpg'],
      validation: ['dog: a/b/val/images/1.jpg', 'cat: a/b/val/images/2.jpg'],
      notes: [
        'the pictures are those in a/b, the only folder with any',
        'the classes of a/b/val/ are those in val.txt',
      ],
    })
    await rm(join(dir, 'a'), { recursive: true })
    await touch('archive/cat/1.jpg', 'archive/dog/1.jpg')
    expect(await found()).toMatchObject({ classes: ['cat', 'dog'] })
  })
})

describe('downloads', () => {
  it('ImageNet of a competition: val by its list, test without classes', async () => {
    const [a, b] = ['ILSVRC/Data/CLS-LOC', 'ILSVRC/Annotations/CLS-LOC']
    await touch(
      `${a}/train/n01/1.JPEG`,
      `${a}/train/n02/1.JPEG`,
      `${a}/val/v1.JPEG`,
      `${a}/val/v2.JPEG`,
      `${a}/test/t1.JPEG`,
    )
    await touch(`${b}/train/n01/1.xml`)
    await writeFile(
      join(dir, 'LOC_val_solution.csv'),
      'ImageId,PredictionString\nv1,n02 1 2 3 4 \nv2,"n01 1 2 3 4 n01 5 6 7 8"\n',
    )
    expect(await found()).toMatchObject({
      validation: [`n02: ${a}/val/v1.JPEG`, `n01: ${a}/val/v2.JPEG`],
      test: undefined,
      notes: [
        expect.stringContaining('the only folder'),
        `the classes of ${a}/val/ are those in LOC_val_solution.csv`,
        `${a}/test/ (1 picture) is left out: it has no list of their classes`,
      ],
    })
  })

  it('CIFAR-10 of a competition: flat pictures and their labels', async () => {
    await touch('train/1.png', 'train/2.png', 'train/10.png', 'test/1.png')
    await writeFile(join(dir, 'trainLabels.csv'), 'id,label\n1,frog\n2,sea lion\n10,frog\n')
    expect(await found()).toMatchObject({
      train: ['frog: train/1.png', 'frog: train/10.png', 'sea lion: train/2.png'],
      test: undefined,
    })
  })

  it('tiny-imagenet: images below the classes, and below val', async () => {
    await touch('train/n01/images/a.JPEG', 'train/n02/images/b.JPEG', 'val/images/v.JPEG', 'test/images/t.JPEG')
    await writeFile(join(dir, 'val/val_annotations.txt'), 'v.JPEG\tn02\t0\t0\t1\t1\n')
    expect(await found()).toMatchObject({
      classes: ['n01', 'n02'],
      validation: ['n02: val/images/v.JPEG'],
      test: undefined,
      notes: [
        'the classes of val/ are those in val/val_annotations.txt',
        'test/ (1 picture) is left out: it has no list of their classes',
      ],
    })
  })

  it('a test folder whose only folder is no class', async () => {
    await touch('train/a/1.jpg', 'train/b/1.jpg', 'test/unknown/1.jpg')
    expect((await found()).notes).toEqual(['test/ (1 picture) is left out: it has no folder that is called as a class'])
  })

  it.each([
    ['train', /train holds pictures without class folders.*\n?/, /trainLabels\.csv/],
    ['val', /val holds pictures without class folders/, /--val-labels/],
  ])('flat pictures in %s without a list are an error', async (part, message, hint) => {
    await touch('train/a/1.jpg', 'train/b/1.jpg', 'val/a/1.jpg')
    await rm(join(dir, part), { recursive: true })
    await touch(`${part}/1.jpg`, `${part}/2.jpg`)
    await expect(found()).rejects.toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })
})

describe('what is not read', () => {
  it('is hidden, or left by programs, at every depth', async () => {
    await touch('cat/1.jpg', 'dog/1.jpg', '.ipynb_checkpoints/1.jpg', '__MACOSX/cat/._1.jpg', '.DS_Store')
    await touch('cat/.ipynb_checkpoints/1.jpg', 'cat/Thumbs.db', 'dog/@eaDir/1.jpg/S.jpg', 'dog/$RECYCLE.BIN/1.jpg')
    await touch('lost+found/1.jpg', 'dog/more/.hidden.jpg', 'System Volume Information/x')
    expect(await found()).toMatchObject({
      train: ['cat: cat/1.jpg', 'dog: dog/1.jpg'],
      hidden: 10,
      skipped: [],
      endings: {},
    })
  })

  it('is counted by ending, where folders are read', async () => {
    await touch(
      'train/cat/1.jpg',
      'train/dog/1.jpg',
      'train/dog/a.TXT',
      'train/b.txt',
      'README',
      'extra/1.jpg',
      'extra/2.pdf',
    )
    expect((await found()).endings).toEqual({ '.txt': 2, '': 1 })
  })

  it('makes a class that has nothing else empty: it is named', async () => {
    await touch('bird/1.psd', 'bird/2.psd', 'cat/1.jpg', 'dog/1.jpg')
    await mkdir(join(dir, 'fish'))
    expect(await found()).toMatchObject({
      classes: ['cat', 'dog'],
      emptyClasses: [
        { name: 'bird', reason: 'no pictures, but 2 .psd' },
        { name: 'fish', reason: 'its folder is empty' },
      ],
    })
    await rm(join(dir, 'dog'), { recursive: true })
    await expect(found()).rejects.toThrow(
      "all pictures are of one class, 'cat': there is nothing to tell apart (bird: no",
    )
  })

  it('is a name that is no UTF-8, which stops nobody', async () => {
    await touch('cat/1.jpg', 'dog/1.jpg')
    const folder = Buffer.concat([Buffer.from(`${dir}/caf`), Buffer.from([0xe9])])
    await mkdir(folder)
    await writeFile(Buffer.concat([folder, Buffer.from('/1.jpg')]), '')
    await writeFile(Buffer.concat([Buffer.from(`${dir}/dog/gr`), Buffer.from([0xfc]), Buffer.from('n.jpg')]), '')
    expect(await found()).toMatchObject({
      classes: ['cat', 'dog'],
      skipped: [
        { name: 'caf\\xe9', reason: expect.stringContaining('not UTF-8') },
        { name: 'dog/gr\\xfcn.jpg', reason: expect.stringContaining('not UTF-8') },
      ],
    })
  })
})

describe('names', () => {
  it('are compared as composed: café and café are one class', async () => {
    await touch('train/caf\u00e9/1.jpg', 'train/cafe\u0301/2.jpg', 'train/tea/1.jpg', 'val/cafe\u0301/3.jpg')
    const { classes, train, validation, notes } = await found()
    expect(classes).toEqual(['caf\u00e9', 'tea'])
    expect(train).toHaveLength(3)
    expect(validation).toEqual(['caf\u00e9: val/cafe\u0301/3.jpg'])
    expect(notes).toEqual(['the folders called caf\u00e9 are one class: only the bytes of their names differ'])
  })
})

describe('links', () => {
  const outside = (name: string) => join(`${dir}-outside`, name)
  beforeEach(async () => {
    for (const name of ['cat', 'dog']) {
      await mkdir(outside(name), { recursive: true })
      await writeFile(outside(`${name}/1.jpg`), '')
    }
    await mkdir(join(dir, 'train'))
  })
  afterEach(() => rm(`${dir}-outside`, { recursive: true }))

  it('out of the folder are said when there are no pictures, and followed when asked', async () => {
    for (const name of ['cat', 'dog']) await symlink(outside(name), join(dir, 'train', name))
    await expect(found()).rejects.toMatchObject({
      message: expect.stringContaining('no pictures to learn from (2 × a link that leads out of the folder)'),
      hint: expect.stringContaining('--follow-links'),
    })
    expect((await found({ followLinks: true })).train).toEqual(['cat: train/cat/1.jpg', 'dog: train/dog/1.jpg'])
  })

  it('are followed once, and never for ever', async () => {
    await touch('train/cow/1.jpg', 'train/pig/1.jpg')
    await symlink(dir, join(dir, 'train/cow/up'))
    await symlink(join(dir, 'train/pig'), join(dir, 'train/hog'))
    await symlink(join(dir, 'train/pig'), join(dir, 'train/sow'))
    await symlink(outside('.'), outside('cat/around'))
    await symlink(outside('cat'), join(dir, 'train/cat'))
    const { train, skipped } = await found({ followLinks: true })
    expect(train).toEqual([
      ...['cat: train/cat/1.jpg', 'cat: train/cat/around/dog/1.jpg'],
      ...['cow: train/cow/1.jpg', 'hog: train/hog/1.jpg', 'pig: train/pig/1.jpg'],
    ])
    expect(skipped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'train/sow: a link to a folder that another link leads to',
      'train/cat/around/cat: a link to a folder that it lies in',
      'train/cow/up: a link to a folder that it lies in',
    ])
  })
})

describe('a list of validation classes that nothing would read is an error', () => {
  const labels = 'nowhere.txt'
  it.each<[string, readonly string[], RegExp]>([
    ['beside class folders', ['train/a/1.jpg', 'train/b/1.jpg', 'val/a/1.jpg', 'val/b/1.jpg'], /val has class folders/],
    ['without a val/', ['train/a/1.jpg', 'train/b/1.jpg'], /has no val\//],
    ['of classes alone', ['a/1.jpg', 'b/1.jpg'], /has no val\//],
  ])('%s', async (_, names, message) => {
    await touch(...names)
    const error = { code: 'usage', message: expect.stringMatching(message) }
    await expect(findPictures(dir, { validationLabels: labels })).rejects.toMatchObject(error)
    // A run's own, where it is measured on other pictures.
    const { classes } = await findPictures(dir, { validationLabels: labels, labelsMayBeUnread: true })
    expect(classes).toEqual(['a', 'b'])
  })

  it('for a list of pictures', async () => {
    await touch('1.jpg', '2.jpg')
    const list = join(dir, 'list.csv')
    await writeFile(list, 'path,label\n1.jpg,a\n2.jpg,b\n')
    await expect(findPictures(list, { validationLabels: labels })).rejects.toMatchObject({
      code: 'usage',
      message: `the list of validation classes, nowhere.txt, would not be read: ${list} is a list, which tells the classes itself`,
    })
  })

  it('for a data set with classes of its own', async () => {
    await expect(loadDataset('shapes', { seed: 1, validationLabels: labels })).rejects.toMatchObject({ code: 'usage' })
  })
})
