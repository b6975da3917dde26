import { AlexNetError } from '../../errors.js'
import { didYouMean } from '../../suggest.js'
import type { DatasetParts } from '../dataset.js'
import { datasetCatalogue } from '../dataset-catalogue.js'
import type { DownloadProgress } from './download.js'
import { unreadLabels } from './pictures/flat-labels.js'
import type { LoadPicturesOptions } from './pictures/load-pictures.js'
import type { ScanReport } from './pictures/scan-report.js'

export interface LoadOptions extends Partial<LoadPicturesOptions> {
  /** The folder that holds the data set; default: the cache, to which it is downloaded where it is missing. */
  readonly directory?: string
  /** What `shapes` is drawn from. */
  readonly seed: number
  readonly onDownload?: (progress: DownloadProgress) => void
}

export interface LoadedDataset {
  readonly parts: DatasetParts
  /** What was found in a folder of pictures. */
  readonly report?: ScanReport
}

/**
 * Loads a data set, and before it what reads one of its kind: into memory, but for pictures of one's own that have no room there.
 * @throws AlexNetError `unknown-name`, `missing-data`, `corrupt-data`, `usage` or `download-failed`.
 */
export async function loadDataset(name: string, options: LoadOptions): Promise<LoadedDataset> {
  const { validationLabels } = options
  if (validationLabels !== undefined && (name === 'shapes' || name === 'cifar10'))
    throw unreadLabels(validationLabels, `the data set ${name} has classes of its own`)
  switch (name) {
    case 'shapes': {
      if (options.directory !== undefined)
        throw new AlexNetError(
          'invalid-setting',
          'the data set shapes is drawn by code, it lies in no folder',
          `Pictures of your own are given without --data: alexnet train ${options.directory}. CIFAR-10 that lies there: alexnet train cifar10 --data ${options.directory}`,
        )
      const { shapes } = await import('../shapes.js')
      return { parts: shapes({ seed: options.seed }) }
    }
    case 'cifar10': {
      const { directory, onDownload: onProgress, signal } = options
      const { readCifar10 } = await import('./cifar10-files.js')
      if (directory !== undefined) return { parts: await readCifar10(directory) }
      const { ensureCifar10 } = await import('./cifar10-download.js')
      return { parts: await readCifar10(await ensureCifar10({ onProgress, signal })) }
    }
    case 'pictures': {
      const { directory, side } = options
      if (directory === undefined)
        throw new AlexNetError(
          'missing-data',
          'the folder of your pictures is not given',
          'Give it instead of a name: alexnet train ./pictures',
        )
      if (side === undefined)
        throw new AlexNetError('invalid-setting', 'pictures of any sizes need a size in the recipe: data.size')
      const { loadPictures } = await import('./pictures/load-pictures.js')
      return loadPictures(directory, { ...options, side })
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
