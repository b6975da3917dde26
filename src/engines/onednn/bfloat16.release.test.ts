import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { alexnet } from '../../../tests/support/cli.js'
import { computesBfloat16 } from '../../../tests/support/engines.js'

it.skipIf(!computesBfloat16)(
  'bfloat16 trains the shapes from 10 % to more than 80 % in four epochs',
  { timeout: 600_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alexnet-bfloat16-'))
    const settings = ['--precision', 'bfloat16', '--engine', 'onednn', '--epochs', '4', '--json']
    const { code, stdout } = await alexnet('train', ...settings, '--out', join(folder, 'run'))
    await rm(folder, { recursive: true })
    expect(code).toBe(0)
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!).test.top1).toBeGreaterThan(0.8)
  },
)
