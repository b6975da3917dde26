import { stat } from 'node:fs/promises'
import { readCheckpoint } from '../../runs/node/checkpoint-files.js'
import { isOfZoo, namedZooFile } from '../../runs/node/zoo-files.js'
import type { ImportedNetwork } from '../import-network.js'
import { readForeign } from './import-run.js'

/**
 * Reads a trained network to go on from: the folder of a run, a checkpoint, `zoo:NAME`, or another program's file.
 * @throws AlexNetError as `readCheckpoint` and `importRun` do.
 * @example const { checkpoint } = await readWeights('alexnet-owt-7be5be79.pth')
 */
export async function readWeights(path: string): Promise<ImportedNetwork> {
  if (isOfZoo(path)) return { checkpoint: await readCheckpoint(namedZooFile(path)), notes: [] }
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  return isFolder ? { checkpoint: await readCheckpoint(path), notes: [] } : readForeign({ file: path })
}
