import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as z from 'zod'
import { processorName, rememberedFile } from './remembered-file.js'

const choiceFile = (file: string, machine: string) =>
  rememberedFile(file, { format: 'alexnet-kernels-1', value: z.string(), of: '2 threads' }, machine)

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-kernels-'))
  file = join(folder, 'cache', 'kernels.json')
})
afterEach(() => rm(folder, { recursive: true }))

it('remembers from start to start, each machine for itself', async () => {
  choiceFile(file, 'here').keep({ a: 'x', b: 'y' })
  choiceFile(file, 'there').keep({ a: 'z' })
  expect(choiceFile(file, 'here').recall('a')).toBe('x')
  expect(choiceFile(file, 'there').recall('a')).toBe('z')
  expect(choiceFile(file, 'there').recall('b')).toBeUndefined()
  expect(await readdir(join(folder, 'cache'))).toEqual(['kernels.json'])
})

it('keeps what another process has written meanwhile', () => {
  const one = choiceFile(file, 'here')
  const other = choiceFile(file, 'here')
  one.keep({ a: 'x' })
  other.keep({ b: 'y' })
  const later = choiceFile(file, 'here')
  expect([later.recall('a'), later.recall('b')]).toEqual(['x', 'y'])
})

it.each([
  ['broken', '{"format": "alexnet-ker'],
  ['foreign', '[1, 2]'],
  ['of another version', '{"format": "alexnet-kernels-0", "machines": {"here, 2 threads": {"a": "x"}}}'],
  ['of the wrong kind', '{"format": "alexnet-kernels-1", "machines": {"here, 2 threads": {"a": 5}}}'],
])('a file that is %s counts as empty and is written anew', async (_, content) => {
  await mkdir(join(folder, 'cache'))
  await writeFile(file, content)
  const memory = choiceFile(file, 'here')
  expect(memory.recall('a')).toBeUndefined()
  memory.keep({ a: 'y' })
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    format: 'alexnet-kernels-1',
    machines: { 'here, 2 threads': { a: 'y' } },
  })
})

it('a folder that cannot be written is no error', async () => {
  await writeFile(join(folder, 'cache'), 'a file in its place')
  const memory = choiceFile(file, 'here')
  memory.keep({ a: 'x' })
  expect(memory.recall('a')).toBe('x')
})

it('a processor that has no name is told by what is known of it', () => {
  const models = (...names: string[]) => processorName(names.map((model) => ({ model })))
  expect(models('Ryzen 7 ', 'Ryzen 7 ')).toBe('Ryzen 7')
  for (const model of ['unknown', '']) expect(models(model, model, model)).toBe(`${process.arch}, 3 processors`)
  expect(models()).toBe(`${process.arch}, 0 processors`)
})
