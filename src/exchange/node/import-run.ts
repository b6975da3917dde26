import { open, readFile, rm } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { AlexNetError, messageOf } from '../../errors.js'
import type { Checkpoint } from '../../runs/checkpoint.js'
import { RunDirectory } from '../../runs/node/run-directory.js'
import { runFiles } from '../../runs/node/run-files.js'
import type { ChannelOrder } from '../foreign-network.js'
import { type ImportedNetwork, importNetwork } from '../import-network.js'
import { parseLabels } from '../labels.js'
import { readNetwork } from '../read-network.js'

export interface ImportOptions {
  /** A PyTorch, safetensors or ONNX file. */
  readonly file: string
  /** A new folder for the run; default: the next free `runs/<file's name>-<number>`. */
  readonly out?: string
  /** A file that names the classes: one a line, a JSON list, or ImageNet's class index. */
  readonly labels?: string
  /** The classes' names, where no file gives them. */
  readonly classes?: readonly string[]
  /** What the run is called in `runs/`; default: the file's name without its ending. */
  readonly name?: string
  /** The side of the network's pictures, where the file does not tell it. */
  readonly side?: number
  readonly channels?: ChannelOrder
  /** Of each channel, on the scale 0–255. */
  readonly mean?: readonly number[]
  readonly deviation?: readonly number[]
}

export interface ImportedRun {
  readonly run: string
  readonly checkpoint: Checkpoint
  /** What had to be assumed. */
  readonly notes: readonly string[]
}

/** What Node reads in one piece. AlexNet's weights are 244 MB, in float64 488 MB. */
const MAX_BYTES = 2 ** 31 - 1

/**
 * Makes a run of another program's weights: a folder that `predict`, `evaluate` and `train` take.
 *
 * @throws AlexNetError `missing-data`, `corrupt-data`, `incompatible-state`, `run-exists` or `not-writable`; then there is
 *   no new folder.
 * @example await importRun({ file: 'alexnet.pth', labels: 'imagenet_class_index.json', out: 'runs/torchvision' })
 */
export async function importRun(options: ImportOptions): Promise<ImportedRun> {
  const { checkpoint, notes } = await readForeign(options)
  const { out } = options
  const { name = basename(options.file, extname(options.file)) } = options
  const run =
    out === undefined
      ? await RunDirectory.createNumbered('runs', name, checkpoint.recipe)
      : await RunDirectory.create(out, checkpoint.recipe)
  try {
    await run.saveLast(checkpoint)
  } catch (error) {
    // A folder with settings and no weights would only stand in the way of the next try.
    await rm(run.file(runFiles.recipe), { force: true })
    throw error
  } finally {
    await run.close()
  }
  return { run: run.path, checkpoint, notes }
}

/** Reads another program's weights as a checkpoint, without making a run of them. */
export async function readForeign(options: Omit<ImportOptions, 'out'>): Promise<ImportedNetwork> {
  const { file, side, channels, mean, deviation } = options
  const network = readNetwork(await readWhole(file), file, side)
  const labels =
    options.labels === undefined
      ? options.classes
      : parseLabels(await readText(options.labels), network.model.classes, options.labels)
  return importNetwork(network, { file: basename(file), labels, channels, mean, deviation })
}

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      if (size > MAX_BYTES)
        throw new AlexNetError('corrupt-data', `${file}: ${size} bytes are too many, expected at most ${MAX_BYTES}`)
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(file, error)
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => Promise.reject(unreadable(file, error)))
}

function unreadable(file: string, error: unknown): AlexNetError {
  if (error instanceof AlexNetError) return error
  return new AlexNetError('missing-data', `cannot read ${file}: ${messageOf(error)}`, 'Check the path.', {
    cause: error,
  })
}
