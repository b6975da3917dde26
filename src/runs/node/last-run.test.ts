import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { namedRun, runsIn } from './last-run.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-last-'))
  await mkdir(join(folder, 'no run'))
  await writeFile(join(folder, 'notes.txt'), '')
  const write = async (run: string, file: string, seconds: number) => {
    await mkdir(join(folder, run), { recursive: true })
    await writeFile(join(folder, run, file), '')
    await utimes(join(folder, run, file), seconds, seconds)
  }
  await write('a', 'recipe.yaml', 100)
  await write('a', 'last.safetensors', 400)
  await write('b', 'recipe.yaml', 200)
  await write('b', 'metrics.jsonl', 300)
  // A report that is written again makes no run the newest.
  await write('b', 'report.html', 500)
})
afterAll(() => rm(folder, { recursive: true }))

describe('last', () => {
  it('is the run that was worked on last', () => {
    expect(namedRun('last', folder)).toBe(join(folder, 'a'))
    expect(runsIn(folder).map(({ path }) => path)).toEqual([join(folder, 'a'), join(folder, 'b')])
  })

  it('says where it looks when there is none', () => {
    for (const nowhere of [join(folder, 'no run'), join(folder, 'nowhere')])
      expect(() => namedRun('last', nowhere)).toThrow(
        expect.objectContaining({ code: 'missing-data', message: expect.stringContaining(nowhere) }),
      )
  })

  it('is no name but that one', () => {
    for (const name of ['runs/last', 'latest', 'LAST']) expect(namedRun(name, folder)).toBe(name)
  })
})
