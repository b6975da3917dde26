import { AlexNetError } from '../../errors.js'
import { didYouMean } from '../../suggest.js'
import type { DatasetParts } from '../dataset.js'
import { shapes } from '../shapes.js'
import { ensureCifar10 } from './cifar10-download.js'
import { readCifar10 } from './cifar10-files.js'
import type { DownloadProgress } from './download.js'

export interface LoadOptions {
  /** The folder that holds the data set; default: the cache, to which it is downloaded where it is missing. */
  readonly directory?: string
  /** What `shapes` is drawn from. */
  readonly seed: number
  readonly onDownload?: (progress: DownloadProgress) => void
  readonly signal?: AbortSignal
}

/** The names of the data sets, with a line about each. */
export const datasetCatalogue: readonly { readonly name: string; readonly about: string }[] = [
  { name: 'shapes', about: 'ten shapes of 32×32 pixels, drawn by code: no download' },
  { name: 'cifar10', about: '60,000 photographs of 32×32 pixels in ten classes (170 MB, downloaded once)' },
]

/**
 * Loads a data set into memory.
 * @throws AlexNetError `unknown-name`, `missing-data`, `corrupt-data` or `download-failed`.
 */
export async function loadDataset(name: string, options: LoadOptions): Promise<DatasetParts> {
  switch (name) {
    case 'shapes':
      if (options.directory !== undefined)
        throw new AlexNetError(
          'invalid-setting',
          'the data set shapes is drawn by code, it lies in no folder',
          'Name the data set that lies there: alexnet train cifar10 --data DIR',
        )
      return shapes({ seed: options.seed })
    case 'cifar10': {
      const { directory, onDownload: onProgress, signal } = options
      return readCifar10(directory ?? (await ensureCifar10({ onProgress, signal })))
    }
    default:
      throw new AlexNetError(
        'unknown-name',
        `there is no data set '${name}'`,
        didYouMean(
          name,
          datasetCatalogue.map((dataset) => dataset.name),
        ),
      )
  }
}
