import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { namedZooFile, zooFile, zooName, zooNameOf } from './zoo-files.js'

it('finds a network by its name, with or without what it begins with', () => {
  expect(zooName('cifar10')).toBe('cifar10')
  expect(zooName('zoo:photographs')).toBe('photographs')
  expect(namedZooFile('zoo:cifar10')).toBe(zooFile('cifar10'))
  expect(zooNameOf(zooFile('cifar10'))).toBe('cifar10')
  expect(zooNameOf('cifar10')).toBeUndefined()
})

it('leaves all other paths as they are', () => {
  for (const path of ['runs/zoo', 'cifar10', './zoo:cifar10', 'ZOO:cifar10']) expect(namedZooFile(path)).toBe(path)
})

it('names the nearest for one that there is not', () => {
  expect(() => namedZooFile('zoo:cifar')).toThrow(
    expect.objectContaining({
      code: 'unknown-name',
      message: "there is no network 'cifar' in the zoo",
      hint: expect.stringContaining("Did you mean 'cifar10'?"),
    }),
  )
})

it('takes a file that is called so for what it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alexnet-zoo-'))
  const before = process.cwd()
  try {
    process.chdir(folder)
    await writeFile('zoo:cifar10', '')
    expect(namedZooFile('zoo:cifar10')).toBe('zoo:cifar10')
    expect(namedZooFile('zoo:photographs')).toBe(zooFile('photographs'))
  } finally {
    process.chdir(before)
    await rm(folder, { recursive: true })
  }
})
