import { existsSync } from 'node:fs'
import { AlexNetError } from '../errors.js'
import { ensureTorchvisionWeights, isTorchvision, torchvisionFile } from '../exchange/node/torchvision-weights.js'
import { DownloadLine } from './download-line.js'

/**
 * The file that `torchvision` stands for, downloaded unless it is there; any other path as it is. Ctrl-C ends it as it ends
 * any program: the next time the download goes on where it was.
 * @throws AlexNetError as `ensureTorchvisionWeights` does; `missing-data` where they would have to be downloaded and may not.
 */
export async function weightsFile(path: string, { mayDownload = true } = {}): Promise<string> {
  if (!isTorchvision(path)) return path
  if (!mayDownload && !existsSync(torchvisionFile()))
    throw new AlexNetError(
      'missing-data',
      "torchvision's weights are not there yet: a training downloads them (244 MB), a dry run writes nothing",
      'Leave --dry-run out, or run `alexnet import torchvision` first.',
    )
  const line = new DownloadLine("torchvision's weights")
  try {
    return await ensureTorchvisionWeights({ onProgress: line.show })
  } finally {
    line.stop()
  }
}
