import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataDirectory } from '../../data/node/data-directory.js'
import { type DownloadOptions, download } from '../../data/node/download.js'
import { AlexNetError } from '../../errors.js'

/** What commands call torchvision's weights in place of a file. */
export const TORCHVISION = 'torchvision'

/** torchvision's `AlexNet_Weights.IMAGENET1K_V1`. The name tells the first eight digits of the checksum. */
const official = {
  name: 'alexnet-owt-7be5be79.pth',
  url: 'https://download.pytorch.org/models/alexnet-owt-7be5be79.pth',
  bytes: 244_408_911,
  sha256: '7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02',
}

export interface TorchvisionOptions extends Pick<DownloadOptions, 'onProgress' | 'signal' | 'pauses'> {
  /** The data folder; default `dataDirectory()`. */
  readonly dir?: string
  /** A mirror; default `$ALEXNET_TORCHVISION_URL`, else the official address. It must serve the official file. */
  readonly url?: string
  /** What the file must be; another one is for tests. */
  readonly weights?: { readonly bytes: number; readonly sha256: string }
}

/** True for the name `torchvision`, unless there is a file of that name. */
export function isTorchvision(path: string): boolean {
  return path === TORCHVISION && !existsSync(path)
}

/** Where the weights lie, or will: in the data folder. */
export function torchvisionFile(dir = dataDirectory()): string {
  return join(dir, official.name)
}

/**
 * Makes sure that the weights of torchvision's AlexNet, trained on ImageNet, are there: downloads them (244 MB) into the
 * data folder unless they are, and checks them.
 *
 * @returns The file, for `importRun` and `readWeights`.
 * @throws AlexNetError as `download` does.
 */
export async function ensureTorchvisionWeights(options: TorchvisionOptions = {}): Promise<string> {
  const { dir, weights = official, onProgress, signal, pauses } = options
  const url = options.url ?? (process.env.ALEXNET_TORCHVISION_URL || official.url)
  const file = torchvisionFile(dir)
  try {
    await download({ url, file, bytes: weights.bytes, sha256: weights.sha256, onProgress, signal, pauses })
  } catch (error) {
    if (!(error instanceof AlexNetError) || error.code !== 'download-failed') throw error
    throw new AlexNetError(
      error.code,
      error.message,
      `Check the network and try again; or download ${official.url} elsewhere, and place it as ${file} or give it: alexnet import ${official.name}`,
      { cause: error },
    )
  }
  return file
}
