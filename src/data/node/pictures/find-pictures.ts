import { stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { AlexNetError, messageOf } from '../../../errors.js'
import { describeOtherFiles } from './describe-other-files.js'
import { findFlatLabels, readFlatLabels, unreadLabels, usualList } from './flat-labels.js'
import { type FolderLayout, folderLayout, type PartLayout } from './folder-layout.js'
import { readListFile } from './list-file.js'
import { numberClasses } from './number-classes.js'
import {
  countPictures,
  describeFolder,
  foldersWithPictures,
  mergeOtherFiles,
  otherFilesBelow,
  type PictureFolder,
  picturesBelow,
} from './picture-folder.js'
import type { EmptyClass, NamedEntry, OtherFiles, PartName, PictureList } from './picture-list.js'
import { type WalkOptions, walkFolder } from './walk-folder.js'

export interface FindOptions extends WalkOptions {
  /** The file that tells the classes of a validation folder without class folders, as ImageNet's. */
  readonly validationLabels?: string
  /** That file was given for other pictures, so it need not be one that is read; default: it is an error when it is not. */
  readonly labelsMayBeUnread?: boolean
}

/**
 * Finds the pictures of a data set, and their classes:
 *
 * - a folder with a folder for each class;
 * - a folder with `train/`, and `val/` or `test/` or both, each with a folder for each class (ImageNet's wnids are such
 *   names), or with flat pictures and a list of their classes;
 * - a CSV or JSON Lines file of paths and classes.
 *
 * Nothing is decoded here.
 *
 * @throws AlexNetError `missing-data` or `corrupt-data`; `usage` for `validationLabels` that nothing would read.
 */
export async function findPictures(path: string, options: FindOptions = {}): Promise<PictureList> {
  const entry = await stat(path).catch((error: unknown) => {
    throw new AlexNetError('missing-data', `cannot read ${path}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  })
  if (entry.isFile()) {
    expectLabelsRead(options, `${path} is a list, which tells the classes itself`)
    return readListFile(path)
  }
  const tree = await walkFolder(path, options)
  const layout = folderLayout(tree)
  const { train, validation, test } = layout.parts
  if (!validation) expectLabelsRead(options, `${path} has no val/`)
  else if (validation.classes) expectLabelsRead(options, `${join(path, validation.folder.path)} has class folders`)
  const notes = [...layout.notes, ...composedTwice(train)]
  const learnt = await entriesOf({ root: path, part: 'train', notes }, train)
  const classes = train.classes?.map(({ path: place }) => basename(place)).sort()
  const measured = { root: path, part: 'validation', notes, list: options.validationLabels, numbered: classes } as const
  const validated = validation && (await entriesOf(measured, validation))
  const tested = test && (await testEntries({ ...measured, part: 'test', list: undefined }, test, learnt))
  return numberClasses(
    path,
    {
      train: learnt,
      ...(validated && { validation: validated }),
      ...(tested && { test: tested }),
    },
    { ...otherFilesOf(tree, layout), emptyClasses: emptyClasses(train), notes },
  )
}

/** @throws AlexNetError `usage` where a list of the validation's classes was given, which nothing reads. */
function expectLabelsRead({ validationLabels, labelsMayBeUnread = false }: FindOptions, why: string): void {
  if (validationLabels !== undefined && !labelsMayBeUnread) throw unreadLabels(validationLabels, why)
}

/** What is known of a part besides its folders. */
interface PartContext {
  readonly root: string
  readonly part: PartName
  /** Gets what a person should know. */
  readonly notes: string[]
  /** The list of its classes; default: one of a usual name. */
  readonly list?: string
  /** The classes that numbers mean in it. */
  readonly numbered?: readonly string[]
}

/**
 * The pictures of a part with their classes: their folders', or those that a list tells.
 * @throws AlexNetError `missing-data` where nothing tells the classes.
 */
async function entriesOf(
  { root, part, notes, list, numbered }: PartContext,
  { folder, inner, classes }: PartLayout,
): Promise<NamedEntry[]> {
  const entry = (name: string, className: string) => ({ file: join(root, name), name, className })
  if (classes) return classes.flatMap((of) => picturesBelow(of).map((name) => entry(name, of.name)))
  const folders = placesOfLists(root, inner)
  const file = list ?? (await findFlatLabels(part, folders))
  if (file === undefined)
    throw new AlexNetError(
      'missing-data',
      `${join(root, folder.path)} holds pictures without class folders, and no list of their classes`,
      part === 'validation'
        ? `Give the list with --val-labels FILE, or name it ${usualList(part)}.`
        : `Make a folder for each class, or name the list ${usualList(part)}: lines of a picture's name and its class.`,
    )
  notes.push(`the classes of ${folder.path}/ are those in ${relative(root, file)}`)
  const pictures = [...inner.pictures].sort()
  const classOf = await readFlatLabels(file, { pictures, folders, numbered })
  return pictures.map((name) => entry(join(inner.path, name), classOf(name)))
}

/** The pictures to test on; nothing, with a note, where nobody has said what they show, as in many competitions. */
async function testEntries(
  context: PartContext,
  part: PartLayout,
  learnt: readonly NamedEntry[],
): Promise<NamedEntry[] | undefined> {
  const { folder, inner, classes } = part
  const known = new Set(learnt.map(({ className }) => className))
  const isLabelled = classes
    ? foldersWithPictures(inner).some(({ name }) => known.has(name))
    : (await findFlatLabels('test', placesOfLists(context.root, inner))) !== undefined
  if (isLabelled) return entriesOf(context, part)
  const why = classes ? 'no folder that is called as a class' : 'no list of their classes'
  context.notes.push(`${describeFolder(folder)} is left out: it has ${why}`)
  return undefined
}

/** The folders in which a list of a part's classes is looked for: those that the pictures lie in. */
function placesOfLists(root: string, { path }: PictureFolder): string[] {
  const places = [join(root, path)]
  for (let place = path; place !== '' && place !== '.'; ) {
    place = dirname(place)
    places.push(join(root, place))
  }
  return places.reverse()
}

/** Class folders whose names look the same, and are written in two ways. */
function composedTwice({ classes = [] }: PartLayout): string[] {
  const names = classes.map(({ name }) => name)
  const twice = [...new Set(names.filter((name, n) => names.indexOf(name) !== n))]
  return twice.map((name) => `the folders called ${name} are one class: only the bytes of their names differ`)
}

/** The class folders without pictures. */
function emptyClasses({ classes = [] }: PartLayout): EmptyClass[] {
  const filled = new Set(classes.filter((folder) => countPictures(folder) > 0).map(({ name }) => name))
  return classes
    .filter(({ name }) => !filled.has(name))
    .map((folder) => {
      const others = describeOtherFiles(otherFilesBelow(folder))
      return {
        name: folder.name,
        reason: others.length > 0 ? `no pictures, but ${others.join(', ')}` : 'its folder is empty',
      }
    })
}

/** What is not read in the folders that are. */
function otherFilesOf(tree: PictureFolder, { home, parts }: FolderLayout): OtherFiles {
  const read = Object.values(parts).flatMap(({ folder, classes }) => (folder === home ? (classes ?? []) : [folder]))
  const flat = Object.values(parts).flatMap(({ inner, classes }) =>
    classes
      ? inner.pictures.map((name) => ({ name: join(inner.path, name), reason: 'it lies in no class folder' }))
      : [],
  )
  return mergeOtherFiles([
    ...(home === tree ? [] : [tree.rest]),
    home.rest,
    ...read.map(otherFilesBelow),
    { skipped: flat, endings: {}, hidden: 0 },
  ])
}
