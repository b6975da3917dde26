import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeAtomically } from './write-atomically.js'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-atomic-'))
  file = join(folder, 'last.safetensors')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('writes the parts one after the other, and leaves nothing beside them', async () => {
  await writeAtomically(file, ['head, ', Buffer.from('bytes')])
  expect(await readFile(file, 'utf8')).toBe('head, bytes')
  await writeAtomically(file, ['new'], { flush: false })
  expect(await readFile(file, 'utf8')).toBe('new')
  expect(await readdir(folder)).toEqual(['last.safetensors'])
})

it('never touches the old file: another one takes its place', async () => {
  await writeFile(file, 'old')
  const { ino } = await stat(file)
  await writeAtomically(file, ['new'])
  expect((await stat(file)).ino).not.toBe(ino)
})

it('leaves the old file as it was where a part cannot be written, and nothing half written', async () => {
  await writeFile(file, 'old')
  const parts = ['half of it', 7 as unknown as string]
  await expect(writeAtomically(file, parts)).rejects.toMatchObject({ code: 'not-writable' })
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['last.safetensors'])
})

it('says what cannot be written, and where else to write', async () => {
  await expect(writeAtomically(join(folder, 'nowhere', 'file'), ['x'])).rejects.toMatchObject({
    code: 'not-writable',
    message: expect.stringContaining(join(folder, 'nowhere', 'file')),
    hint: expect.stringContaining('--out'),
  })
})
