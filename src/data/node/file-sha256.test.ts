import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fileSha256 } from './file-sha256.js'

it('is the sum that everybody knows of "abc"', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'alexnet-'))
  await writeFile(join(dir, 'abc'), 'abc')
  expect(await fileSha256(join(dir, 'abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  await rm(dir, { recursive: true })
})
