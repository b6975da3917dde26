import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claim } from './claim.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'alexnet-'))
})
afterEach(() => rm(dir, { recursive: true }))

it('is given once, and again when it was given up', async () => {
  const giveUp = await claim(join(dir, 'lock'))
  expect(giveUp).toBeDefined()
  expect(await claim(join(dir, 'lock'))).toBeUndefined()
  await giveUp?.()
  expect(await readdir(dir)).toEqual([])
  expect(await claim(join(dir, 'lock'))).toBeDefined()
})

it('takes over from a process that has died', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  await writeFile(join(dir, 'lock'), String(pid))
  expect(await claim(join(dir, 'lock'))).toBeDefined()
})

it('throws when there is no such folder', async () => {
  await expect(claim(join(dir, 'none', 'lock'))).rejects.toThrow(/ENOENT/)
})
