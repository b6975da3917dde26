import type { SkippedFile } from '../../../data/node/pictures/picture-list.js'
import { reasonOf } from '../../../data/node/read-image.js'
import type { Engine, Precision } from '../../../engines/engine.js'
import { activationsProgram, codeLayer } from '../../../programs/activations-program.js'
import type { Checkpoint } from '../../../runs/checkpoint.js'
import { sizeOf } from '../../../tensor.js'
import { pictureRunner } from '../../picture-runner.js'
import { prepareFiles } from '../prepare-files.js'

export interface EncodeOptions {
  readonly checkpoint: Checkpoint
  readonly files: readonly string[]
  readonly engine: Engine
  /** Whose output is the code; default: that of `codeLayer`, `classifier.5` in AlexNet. */
  readonly layer?: string
  readonly threads?: number
  readonly precision?: Precision
  readonly signal?: AbortSignal
}

/** The codes of some pictures, in the order of the files. */
export interface EncodedBatch {
  readonly files: readonly string[]
  /** (N, size): a row for each file. */
  readonly codes: Float32Array
  /** Values of one code. */
  readonly size: number
  /** Files before the next batch that could not be read. */
  readonly skipped: readonly SkippedFile[]
}

/** Pictures that are encoded at a time. */
const BATCH = 32

/**
 * Computes the codes of picture files: the activations of a layer, as in the paper's figure 4. It goes through the files
 * batch by batch, reading the next ones while the engine computes, so that any number of them takes little memory.
 *
 * A file that cannot be read is listed in `skipped`.
 *
 * @throws AlexNetError `unknown-name` for a layer that the model does not have; the signal's reason when it is aborted.
 * @example
 * for await (const { files, codes, size } of encodePictures({ checkpoint, engine, files: ['cat.jpg', 'dog.jpg'] }))
 *   files.forEach((file, n) => console.log(file, codes.subarray(n * size, (n + 1) * size)))
 */
export async function* encodePictures(options: EncodeOptions): AsyncGenerator<EncodedBatch> {
  const { checkpoint, files, engine, threads, precision, signal } = options
  const { model } = checkpoint
  const layer = options.layer ?? codeLayer(model)
  const batchSize = Math.min(BATCH, Math.max(1, files.length))
  const program = activationsProgram(model, batchSize, [layer])
  const size = sizeOf(program.outputs[layer].shape) / batchSize
  const runner = await pictureRunner(engine, program, { threads, precision })
  const pictureSize = sizeOf(model.inputShape)
  const prepare = (from: number) => {
    const sources = files.slice(from, from + BATCH).map((file) => ({ file }))
    return prepareFiles(sources, checkpoint.preprocessing, pictureSize)
  }
  try {
    await runner.load(checkpoint.state)
    let next = prepare(0)
    for (let from = 0; from < files.length; from += BATCH) {
      signal?.throwIfAborted()
      const { images, read, failed } = await next
      next = prepare(from + BATCH)
      // Whoever leaves the loop early does not wait for it.
      next.catch(() => {})
      const codes = read.length > 0 ? (await runner.run(images, read.length))[layer] : new Float32Array(0)
      const skipped = failed.map(({ file, error }) => ({ name: file, reason: reasonOf(error, file) }))
      yield { files: read, codes, size, skipped }
    }
  } finally {
    await runner.dispose()
  }
}
