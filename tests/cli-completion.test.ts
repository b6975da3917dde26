import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alexnet-completion-'))
  await writeFile(join(folder, 'alexnet'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
  await chmod(join(folder, 'alexnet'), 0o755)
  for (const [run, seconds] of [
    ['older', 100],
    ['a new run', 200],
  ] as const) {
    await mkdir(join(folder, 'work/runs', run), { recursive: true })
    await writeFile(join(folder, 'work/runs', run, 'recipe.yaml'), '')
    await utimes(join(folder, 'work/runs', run, 'recipe.yaml'), seconds, seconds)
  }
  await writeFile(join(folder, 'work/a cat.jpg'), '')
})
afterAll(() => rm(folder, { recursive: true }))

/** What Bash would offer in the place of the last word, line by line. */
async function tab(...words: string[]): Promise<string[]> {
  const script = `source <(alexnet completion bash)
    COMP_WORDS=(alexnet "$@"); COMP_CWORD=$#
    _alexnet; printf '%s\\n' "\${COMPREPLY[@]}"`
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` }
  const cwd = join(folder, 'work')
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', ...words], { cwd, env })
  // Only at a prompt can the shell be told how to go on behind a word.
  expect(stderr.replaceAll(/.*compopt.*\n/g, '')).toBe('')
  return stdout.trimEnd().split('\n')
}

it('completes in Bash commands, options, values, runs and files, and evaluates nothing', async () => {
  const evil = `$(touch "${join(folder, 'work/evaluated')}")`
  expect(
    await Promise.all([
      tab('inspe'),
      tab('train', '--dev'),
      tab('train', '--device', '=', ''),
      tab('train', '--epochs', ''),
    ]),
  ).toEqual([['inspect'], ['--device'], ['cpu', 'webgpu'], ['']])
  const [runs, pictures, nothing] = await Promise.all([
    tab('predict', ''),
    tab('predict', 'last', 'a'),
    tab('predict', evil),
  ])
  expect(runs).toEqual(['last', 'runs/a new run', 'runs/older', ...runs.slice(3)])
  expect(runs.slice(3).toSorted()).toEqual(['a cat.jpg', 'runs'])
  expect([pictures, nothing]).toEqual([['a cat.jpg'], ['']])
  expect(existsSync(join(folder, 'work/evaluated'))).toBe(false)
})
