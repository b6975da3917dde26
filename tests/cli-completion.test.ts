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

/** What Bash would offer in the place of the last word of each command line, when it has learnt to. */
async function tab(lines: readonly (readonly string[])[]): Promise<string[][]> {
  // A command line at a time, between two ends.
  const script = `source <(alexnet completion bash)
    COMP_WORDBREAKS=$' \\t\\n"><=;|&(:'
    COMP_WORDS=(alexnet)
    for word in "$@"; do
      if [[ $word != END ]]; then COMP_WORDS+=("$word"); continue; fi
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _alexnet; printf '%s\\n' "\${COMPREPLY[@]}" END; COMP_WORDS=(alexnet)
    done`
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` }
  const words = lines.flatMap((line) => [...line, 'END'])
  const options = { cwd: join(folder, 'work'), env }
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, 'bash', ...words], options)
  // Only at a prompt can the shell be told how to go on behind a word.
  expect(stderr.replaceAll(/.*compopt.*\n/g, '')).toBe('')
  return stdout
    .split(/^END\n/m)
    .slice(0, -1)
    .map((text) => text.split('\n').filter((line) => line !== ''))
}

it('completes in Bash commands, values, runs and files, and evaluates nothing', async () => {
  const evil = `$(touch "${join(folder, 'work/evaluated')}")`
  const [command, value, picture, nothing, runs, zoo, ofZoo, weights] = await tab([
    ['inspe'],
    ['train', '--device', '=', ''],
    ['predict', 'last', 'a'],
    ['predict', evil],
    ['predict', ''],
    ['predict', 'zoo'],
    ['predict', 'zoo', ':', 'ci'],
    ['train', '--weights', 'zoo', ':'],
  ])
  expect([command, value, picture, nothing]).toEqual([['inspect'], ['cpu', 'webgpu'], ['a cat.jpg'], []])
  expect(runs.slice(0, 3)).toEqual(['last', 'runs/a new run', 'runs/older'])
  expect(runs.slice(3).toSorted()).toEqual(['a cat.jpg', 'runs', 'zoo:cifar10', 'zoo:photographs'])
  // Bash replaces what stands behind the colon.
  expect([zoo, ofZoo, weights]).toEqual([['zoo:cifar10', 'zoo:photographs'], ['cifar10'], ['cifar10', 'photographs']])
  expect(existsSync(join(folder, 'work/evaluated'))).toBe(false)
})
