import { access } from 'node:fs/promises'
import { extname } from 'node:path'
import sharp from 'sharp'
import { toInterleaved } from '../../../data/image.js'
import { readImage } from '../../../data/node/read-image.js'
import { augmentationRows } from '../../../data/sheet/augmentation-rows.js'
import { contactSheet } from '../../../data/sheet/contact-sheet.js'
import { AlexNetError } from '../../../errors.js'
import { readRecipe } from '../../../runs/node/recipes.js'
import { writeAtomically } from '../../../runs/node/write-atomically.js'
import { result } from '../../output.js'

export interface AugmentFlags {
  readonly out: string
  readonly recipe: string
  readonly mixWith?: string
  readonly seed: number
  readonly count: number
  readonly force?: true
  readonly json?: true
}

const formats = { '.png': 'png', '.jpg': 'jpeg', '.jpeg': 'jpeg', '.webp': 'webp' } as const

/** The shorter side of the pictures on the sheet where the recipe says none. */
const SIDE = 160

/** `alexnet augment`: a picture in, a contact sheet out. */
export async function runAugment(file: string, flags: AugmentFlags): Promise<void> {
  const { out, seed, count } = flags
  const extension = extname(out).toLowerCase()
  if (!(extension in formats))
    throw new AlexNetError(
      'invalid-setting',
      `--out: expected a file ending in ${Object.keys(formats).join(', ')}, got ${out}`,
    )
  if (!flags.force && (await exists(out)))
    throw new AlexNetError(
      'not-writable',
      `${out} is there already`,
      'Choose another --out, or replace it with --force.',
    )
  const recipe = await readRecipe(flags.recipe)
  const size = recipe.data.size ?? SIDE
  // Twice the size leaves scaling something to enlarge.
  const read = (path: string) => readImage(path, { side: 2 * size })
  const image = await read(file)
  const partner = flags.mixWith === undefined ? undefined : await read(flags.mixWith)
  const chain = { name: `recipe ${flags.recipe}`, transforms: recipe.data.augmentation }
  const rows = await augmentationRows(image, { size, chain, partner, mix: recipe.data.mix, seed, count })
  const sheet = contactSheet(rows)
  const [, height, width] = sheet.shape
  const bytes = await sharp(toInterleaved(sheet), { raw: { width, height, channels: 3 } })
    .toFormat(formats[extension as keyof typeof formats])
    .toBuffer()
  await writeAtomically(out, [bytes])
  result(
    flags.json
      ? JSON.stringify({
          out,
          width,
          height,
          seed,
          count,
          rows: rows.map(({ label, transforms, mix }) => ({ label, transforms, mix })),
        })
      : `${out}: ${width}×${height}, ${rows.length} rows`,
  )
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
