import { ensureTorchvisionWeights, isTorchvision } from '../exchange/node/torchvision-weights.js'
import { DownloadLine } from './download-line.js'

/**
 * The file that `torchvision` stands for, downloaded unless it is there; any other path as it is. Ctrl-C ends it as it ends
 * any program: the next time the download goes on where it was.
 * @throws AlexNetError as `ensureTorchvisionWeights` does.
 */
export async function weightsFile(path: string): Promise<string> {
  if (!isTorchvision(path)) return path
  const line = new DownloadLine("torchvision's weights")
  try {
    return await ensureTorchvisionWeights({ onProgress: line.show })
  } finally {
    line.stop()
  }
}
