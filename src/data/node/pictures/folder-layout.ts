import { AlexNetError } from '../../../errors.js'
import { partCalled } from './part-names.js'
import { countPictures, describeFolder, foldersWithPictures, type PictureFolder } from './picture-folder.js'
import { type PartName, partNames } from './picture-list.js'

/** What a data set's folders mean. */
export interface FolderLayout {
  /** The folder that the parts lie in: the one given, or the only one in it. */
  readonly home: PictureFolder
  readonly parts: Readonly<Partial<Record<PartName, PartLayout>>> & { readonly train: PartLayout }
  /** What a person should know of how the folders were understood. */
  readonly notes: readonly string[]
}

/** Where the pictures of a part lie. */
export interface PartLayout {
  /** All that belongs to the part. */
  readonly folder: PictureFolder
  /** Holds the class folders, or the pictures without any. */
  readonly inner: PictureFolder
  /** The folders that are classes; undefined where the pictures have none: a list has to tell their classes. */
  readonly classes?: readonly PictureFolder[]
}

/** What a folder is called that all pictures lie in, and that is no class. */
const holders = /^(?:all|data(?:set)?|images?|imgs?|pictures?|pics|photos?|jpe?gs?|pngs?|files)$/i

/**
 * Understands the folders of a data set: a folder for each class, or parts (`train`, `val`, `test`, in any case and in the
 * usual spellings) with such folders. What lies in a folder and beside it decides: a folder `train` of pictures beside
 * other such folders is a class.
 *
 * @throws AlexNetError `missing-data` for parts without one to learn from.
 */
export function folderLayout(root: PictureFolder): FolderLayout {
  const home = homeOf(root)
  const notes = home === root ? [] : [`the pictures are those in ${home.path}, the only folder with any`]
  const called = namesBeside(home.folders)
  const [train] = byPreference(home.folders.filter(({ name }) => called(name) === 'train'))
  const others = foldersWithPictures(home).filter(({ name }) => called(name) === undefined)
  const layout = train && !isClass(train, others) ? withParts(home, train, others, called) : withClasses(home, others)
  return { ...layout, notes: [...notes, ...layout.notes] }
}

type PartCalled = typeof partCalled

/** What names mean beside each other: `seg_train` and `seg_test` are parts, too, and `bullet train` alone is none. */
function namesBeside(folders: readonly PictureFolder[]): PartCalled {
  const prefixes = folders.flatMap(({ name }) => /^(.+[ _.-])train/i.exec(name)?.[1] ?? [])
  const calledWith = (prefix: string) => (name: string) =>
    name.startsWith(prefix) ? partCalled(name.slice(prefix.length)) : undefined
  const parts = (called: PartCalled) => new Set(folders.map(({ name }) => called(name)))
  if (parts(partCalled).has('train')) return partCalled
  const common = prefixes.map(calledWith).find((called) => {
    const there = parts(called)
    return there.has('train') && (there.has('validation') || there.has('test'))
  })
  return common ?? partCalled
}

/** Whether the only folder in a part is no class, but holds what the part has. */
function isHolder(only: PictureFolder): boolean {
  return holders.test(only.name) || foldersWithPictures(only).length > 1
}

/** The folder that the data set really lies in, where all of it lies in one folder of another. */
function homeOf(folder: PictureFolder): PictureFolder {
  const [only, ...others] = foldersWithPictures(folder)
  if (!only || others.length > 0 || folder.pictures.length > 0 || partCalled(only.name)) return folder
  const holds = foldersWithPictures(only)
  const hasParts = holds.some(({ name }) => partCalled(name) === 'train')
  return hasParts || holds.length > 1 || homeOf(only) !== only ? homeOf(only) : folder
}

/** Whether a folder called train is one class of several: it holds pictures and no folders, as those beside it do. */
function isClass(train: PictureFolder, others: readonly PictureFolder[]): boolean {
  return others.length > 0 && foldersWithPictures(train).length === 0
}

/** Of folders that are called as the same part, those with pictures first, then those in plain spelling. */
function byPreference(folders: readonly PictureFolder[]): PictureFolder[] {
  const plain = ['train', 'val', 'test']
  const rank = (folder: PictureFolder) =>
    (countPictures(folder) > 0 ? 0 : 2) + (plain.includes(folder.name.toLowerCase()) ? 0 : 1)
  return [...folders].sort((a, b) => rank(a) - rank(b))
}

type LayoutInHome = Omit<FolderLayout, 'notes'> & { readonly notes: string[] }

/** Parts with class folders; what lies beside them is not read. */
function withParts(
  home: PictureFolder,
  train: PictureFolder,
  others: readonly PictureFolder[],
  called: PartCalled,
): LayoutInHome {
  const learnt = inside(train, isHolder)
  const known = new Set(learnt.classes?.map(({ name }) => name))
  const notes: string[] = []
  const parts: Partial<Record<PartName, PartLayout>> = {}
  const unread = [...others]
  for (const part of partNames) {
    const [first, ...rest] = byPreference(foldersWithPictures(home).filter(({ name }) => called(name) === part))
    if (part !== 'train' && first) parts[part] = inside(first, (only) => !known.has(only.name) && isHolder(only))
    unread.push(...rest)
  }
  if (unread.length > 0)
    notes.push(
      `beside ${train.path}/, which is the part to learn from, these are not read: ${unread.map(describeFolder).join(', ')}`,
    )
  return { home, parts: { ...parts, train: learnt }, notes }
}

/** Class folders, and perhaps a part beside them whose folders are called as they are. */
function withClasses(home: PictureFolder, others: readonly PictureFolder[]): LayoutInHome {
  const names = new Set(others.map(({ name }) => name))
  const parts: Partial<Record<PartName, PartLayout>> = {}
  const notes: string[] = []
  for (const folder of foldersWithPictures(home)) {
    const part = partCalled(folder.name)
    if (part === undefined) continue
    if (others.length === 0)
      throw new AlexNetError(
        'missing-data',
        `there is ${folder.path}/ and no train/: there are no pictures to learn from`,
        'Put the pictures to learn from into a folder train/ beside it, with a folder for each class.',
      )
    const classes = foldersWithPictures(folder)
    const isPart = !parts[part] && classes.length > 0 && classes.every(({ name }) => names.has(name))
    if (isPart) parts[part] = inside(folder, () => false)
    notes.push(
      isPart
        ? `${folder.path}/ is a part: its folders are called as the classes beside it`
        : `${folder.path}/ is a class: it holds pictures, as the folders beside it do`,
    )
  }
  const taken = new Set(Object.values(parts).map(({ folder }) => folder))
  const classes = home.folders.filter((folder) => !taken.has(folder))
  return { home, parts: { ...parts, train: { folder: home, inner: home, classes } }, notes }
}

/**
 * Finds the class folders of a part. Where it holds but one folder, they may be in that one, or the pictures.
 * @param holds Whether that folder is no class itself.
 */
function inside(folder: PictureFolder, holds: (only: PictureFolder) => boolean): PartLayout {
  const [only, ...others] = foldersWithPictures(folder)
  if (folder.pictures.length === 0 && only && others.length === 0 && holds(only))
    return { ...inside(only, holds), folder }
  return { folder, inner: folder, ...((only || folder.pictures.length === 0) && { classes: folder.folders }) }
}
