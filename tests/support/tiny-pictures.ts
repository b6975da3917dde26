import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** A picture of one colour with noise of its own, 20×24. */
export async function tinyPicture(file: string, colour: readonly number[], seed: number): Promise<void> {
  const pixels = Uint8Array.from({ length: 20 * 24 * 3 }, (_, i) => {
    const noise = ((i * 2654435761 + seed * 40503) >>> 8) % 60
    return Math.min(255, colour[i % 3] + noise)
  })
  await writeFile(
    file,
    await sharp(pixels, { raw: { width: 24, height: 20, channels: 3 } })
      .png()
      .toBuffer(),
  )
}

/** A folder with a folder for each class, whose pictures have its colour: `count` of them, `0.png` …, others for another `seed`. */
export async function tinyFolder(
  folder: string,
  classes: Readonly<Record<string, readonly number[]>>,
  count: number,
  seed = 0,
): Promise<void> {
  for (const [n, [name, colour]] of Object.entries(classes).entries()) {
    await mkdir(join(folder, name), { recursive: true })
    for (let i = 0; i < count; i++) await tinyPicture(join(folder, name, `${i}.png`), colour, seed + 1000 * n + i)
  }
}
