import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { alexnet } from './support/cli.js'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-augment-'))
  const background = { r: 200, g: 120, b: 40 }
  await sharp({ create: { width: 90, height: 60, channels: 3, background } })
    .png()
    .toFile(join(folder, 'in.png'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it('draws a sheet, and never over a file that is there', async () => {
  const [image, out] = [join(folder, 'in.png'), join(folder, 'sheet.png')]
  const args = ['augment', image, '--out', out, '--recipe', 'shapes', '--count', '2', '--json']
  const { code, stdout } = await alexnet(...args)
  expect(code).toBe(0)
  const { width, height, rows } = JSON.parse(stdout)
  expect(await sharp(out).metadata()).toMatchObject({ format: 'png', width, height })
  expect(rows.length).toBe(15)

  const before = (await stat(out)).mtimeMs
  const again = await alexnet(...args)
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('is there already')
  expect((await stat(out)).mtimeMs).toBe(before)
  expect((await alexnet(...args, '--force')).code).toBe(0)
})

it('says what the file must end in', async () => {
  const { code, stderr } = await alexnet('augment', join(folder, 'in.png'), '--out', join(folder, 'sheet.gif'))
  expect(code).toBe(1)
  expect(stderr).toContain('expected a file ending in .png')
})
