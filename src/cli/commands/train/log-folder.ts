import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { datasetNames } from '../../../data/dataset-catalogue.js'
import { AlexNetError } from '../../../errors.js'
import { eventFilesIn } from '../../../runs/node/event-folder.js'

/**
 * Checks the folder behind `--tensorboard`: in `alexnet train --tensorboard ./pictures` it is the pictures, and nothing was
 * said of what to learn.
 *
 * @throws AlexNetError `usage`
 */
export async function expectLogFolder(folder: true | string | undefined, dataset: string | undefined): Promise<void> {
  if (typeof folder !== 'string' || dataset !== undefined) return
  if (!datasetNames.includes(folder) && !(await holdsOtherThings(folder))) return
  throw new AlexNetError(
    'usage',
    `--tensorboard takes '${folder}' as the folder for its files, and no data set is named`,
    `Put the data set first: alexnet train ${folder} --tensorboard. If it is the folder that you mean, name the data set too: alexnet train shapes --tensorboard ${folder}`,
  )
}

/** Whether something lies there that is no log of a run. */
async function holdsOtherThings(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOTDIR' ? [''] : []))
  const logs = await Promise.all(names.map((name) => eventFilesIn(join(folder, name))))
  return names.length > 0 && logs.every((files) => files.length === 0)
}
