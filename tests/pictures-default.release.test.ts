import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { memoryReader } from '../src/data/pictures.js'
import { shapes } from '../src/data/shapes.js'
import { guessingRate, isNoBetterThanGuessing } from '../src/runs/guessing.js'
import { alexnetIn } from './support/cli.js'

/** A folder of three classes, of each of which there are so many pictures of 128×128. */
async function folderOfShapes(folder: string, count: number): Promise<void> {
  const { train } = shapes({ seed: 1, train: 100 * count, test: 0 })
  const read = memoryReader(train.pictures, train.name)
  const written = [0, 0, 0]
  for (const [n, label] of train.labels.entries()) {
    if (label > 2 || written[label] === count) continue
    const { shape, data } = read(n)
    const [, height, width] = shape
    const pixels = Uint8Array.from(data, (_, i) => data[(i % 3) * height * width + Math.floor(i / 3)])
    await mkdir(join(folder, train.classes[label]), { recursive: true })
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .resize(128)
      .toFile(join(folder, train.classes[label], `${written[label]++}.png`))
  }
}

it('by default a folder of 180 pictures is learnt from in the first hundred steps', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'alexnet-default-'))
  try {
    await folderOfShapes(join(cwd, 'pictures'), 60)
    const flags = ['--epochs', '1', '--min-steps', '100', '--no-report', '--json']
    const { stdout, stderr } = await alexnetIn({ cwd }, 'train', './pictures', ...flags)
    const { validation, guessing } = JSON.parse(stdout)
    expect(stderr).not.toContain('no better than guessing')
    expect(validation.loss).toBeLessThan(0.9 * Math.log(3))
    expect(isNoBetterThanGuessing(validation, guessing)).toBe(false)
    expect(guessing).toBeLessThan(guessingRate([0, 1]))
  } finally {
    await rm(cwd, { recursive: true })
  }
})
