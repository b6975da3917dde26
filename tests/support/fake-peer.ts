import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Stands in for Python with PyTorch: takes the script from its input and answers its arguments. */
const script = `
import { readFileSync } from 'node:fs'
const script = readFileSync(0, 'utf8')
const [, , mode, dash, ...args] = process.argv
if (dash !== '-' || !script.includes('import torch')) throw new Error('this is not how the script comes')
if (mode === 'mute') setTimeout(() => {}, 60_000)
else if (mode === 'bare') {
  console.error("ModuleNotFoundError: No module named 'torch'")
  process.exit(1)
} else if (mode === 'other') console.log('Python 3.11\\nhello')
else if (args.includes('--describe'))
  console.log(JSON.stringify({ version: '9.9', models: ['80sec'], layouts: mode === 'slow' ? ['default'] : ['default', 'channels_last'], precisions: ['float32'] }))
else if (mode === 'slow') setTimeout(() => {}, 60_000)
else if (mode === 'wordy') console.log('[1, 2] images')
else {
  const value = (name) => args[args.indexOf(name) + 1]
  if (process.env.OMP_NUM_THREADS !== value('--threads')) throw new Error('OMP_NUM_THREADS is not set')
  const imagesPerSecond = value('--layout') === 'default' ? 0.5 : 0.25
  console.log('a line of the library')
  console.log(JSON.stringify({ batchSize: Number(value('--batch-size')), imagesPerSecond, min: 0.1, max: 1, peakMemoryBytes: 2 ** 30 }))
}
`

/**
 * Writes the stand-in into a folder.
 * @returns The command that stands for Python, in a mode: `good`; `slow`, which never ends a measurement; `mute`, which never
 * answers; `bare`, which has no PyTorch; `other`, which is another program; `wordy`, which answers a
 * measurement with words.
 */
export async function fakePeer(
  folder: string,
): Promise<(mode: 'good' | 'slow' | 'mute' | 'bare' | 'other' | 'wordy') => string> {
  const file = join(folder, 'fake peer.mjs')
  await writeFile(file, script)
  return (mode) => `"${process.execPath}" "${file}" ${mode}`
}
