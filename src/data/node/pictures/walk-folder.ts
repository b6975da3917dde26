import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { AlexNetError, messageOf } from '../../../errors.js'
import { isPassedOver } from './passed-over.js'
import type { PictureFolder } from './picture-folder.js'
import { isPictureName, linkOut, type SkippedFile } from './picture-list.js'

export interface WalkOptions {
  /** Follow links that lead out of the folder, too. */
  readonly followLinks?: boolean
}

const loop = 'a link to a folder that it lies in'

/**
 * Finds the pictures in a folder and in those below it. Hidden files and folders, and those that programs leave, are passed
 * over. Links are followed only within the folder: one that leads out of it is listed, not read, so that a folder from
 * elsewhere cannot bring in files of this machine.
 *
 * @throws AlexNetError `missing-data` when the folder cannot be read.
 */
export async function walkFolder(root: string, { followLinks = false }: WalkOptions = {}): Promise<PictureFolder> {
  /** Folders that links have led to. */
  const linked = new Set<string>()

  /** @param above The folder and those that it lies in, as they really are. */
  async function walk(path: string, name: string, above: readonly string[]): Promise<PictureFolder> {
    const pictures: string[] = []
    const folders: PictureFolder[] = []
    const skipped: SkippedFile[] = []
    const endings: Record<string, number> = {}
    let hidden = 0
    for (const { name: bytes, entry } of await entriesOf(join(root, path))) {
      const child = decode(bytes)
      if (child === undefined) {
        skipped.push({ name: join(path, escaped(bytes)), reason: 'its name is not UTF-8: rename it' })
        continue
      }
      const place = join(path, child)
      if (isPassedOver(child)) {
        hidden++
        continue
      }
      const kind = entry.isSymbolicLink() ? await linkKind(join(root, place), above) : entry
      if (typeof kind === 'string') skipped.push({ name: place, reason: kind })
      else if (kind.isDirectory()) {
        const inside = await walkInto(place, child, above)
        if (typeof inside === 'string') skipped.push({ name: place, reason: inside })
        else folders.push(inside)
      } else if (kind.isFile() && isPictureName(child)) pictures.push(child)
      else {
        const ending = extname(child).toLowerCase()
        endings[ending] = (endings[ending] ?? 0) + 1
      }
    }
    return { name, path, pictures, folders, rest: { skipped, endings, hidden } }
  }

  /** A folder within, or why it cannot be read. */
  async function walkInto(path: string, name: string, above: readonly string[]): Promise<PictureFolder | string> {
    try {
      const real = await realpath(join(root, path))
      // Behind a link to a folder above: it would be walked for ever.
      return above.includes(real) ? loop : await walk(path, name.normalize(), [...above, real])
    } catch (error) {
      return `a folder that cannot be read: ${messageOf(error)}`
    }
  }

  /** What a link leads to, or why it is not followed. */
  async function linkKind(file: string, above: readonly string[]) {
    try {
      const target = await realpath(file)
      const [home] = above
      if (!followLinks && target !== home && !target.startsWith(home + sep)) return linkOut
      const kind = await stat(file)
      if (!kind.isDirectory() || above.includes(target)) return kind
      if (linked.has(target)) return 'a link to a folder that another link leads to'
      linked.add(target)
      return kind
    } catch {
      return 'a link that leads nowhere'
    }
  }

  try {
    return await walk('', '', [await realpath(root)])
  } catch (error) {
    throw new AlexNetError('missing-data', `cannot read ${root}: ${messageOf(error)}`, 'Check the path.', {
      cause: error,
    })
  }
}

interface Entry {
  readonly name: Buffer
  readonly entry: Dirent<Buffer>
}

/** What lies in a folder, in the order of the names. Names need not be text: one that is none must not stop all others. */
async function entriesOf(path: string): Promise<Entry[]> {
  const entries = await readdir(path, { withFileTypes: true, encoding: 'buffer' })
  const named = entries.map((entry) => ({ name: entry.name, entry, text: entry.name.toString('utf8') }))
  return named.sort((a, b) => (a.text < b.text ? -1 : 1))
}

/** Undefined for bytes that are no UTF-8. */
function decode(name: Buffer): string | undefined {
  const text = name.toString('utf8')
  return Buffer.from(text, 'utf8').equals(name) ? text : undefined
}

/** A name that is no UTF-8 as `ls -b` would print it. */
function escaped(name: Buffer): string {
  return Array.from(name, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('')
}
