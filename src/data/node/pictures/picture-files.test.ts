import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pictureFiles } from './picture-files.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-files-'))
})
afterEach(() => rm(dir, { recursive: true }))

it('are those below a folder, in the order of their names, without hidden ones', async () => {
  for (const folder of ['b', '.thumbs']) await mkdir(join(dir, folder))
  for (const name of ['c.png', 'a.jpg', 'b/1.jpg', '.thumbs/a.jpg', 'b/Thumbs.db', 'notes.txt'])
    await writeFile(join(dir, name), '')
  await symlink('nowhere', join(dir, 'b/2.jpg'))
  expect(await pictureFiles([dir])).toEqual({
    files: ['a.jpg', 'b/1.jpg', 'c.png'].map((name) => join(dir, name)),
    skipped: [{ name: join(dir, 'b/2.jpg'), reason: 'a link that leads nowhere' }],
  })
})

it('says what is there instead, where there are none', async () => {
  await writeFile(join(dir, 'a.psd'), '')
  await symlink('nowhere', join(dir, 'b.jpg'))
  await expect(pictureFiles([dir])).rejects.toThrow(`no pictures in ${dir} (1 .psd; 1 × a link that leads nowhere)`)
})
