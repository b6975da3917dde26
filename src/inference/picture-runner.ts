import type { CompileOptions, Engine, KernelChoices } from '../engines/engine.js'
import type { Program } from '../graph/program.js'
import { averaged } from '../optimizers/average.js'
import { sizeOf, type Tensors } from '../tensor.js'

/** A program on pictures, compiled for batches of one size, that takes any number of them. */
export interface PictureRunner {
  /** See `Executable`. */
  readonly choices?: KernelChoices
  /** Takes over parameters (their averages, where there are any) and statistics. Other tensors are ignored. */
  load(state: Tensors): Promise<void>
  /**
   * @param images `count` prepared pictures (N, C, H, W).
   * @returns Every output of the program by its name: (N, …), row after row.
   */
  run(images: Float32Array, count: number): Promise<Readonly<Record<string, Float32Array>>>
  dispose(): Promise<void>
}

/**
 * Compiles a program whose one input is `images` (N, C, H, W), and whose outputs have a row for each picture.
 * @throws AlexNetError as `engine.compile` does.
 */
export async function pictureRunner(
  engine: Engine,
  program: Program,
  options: Pick<CompileOptions, 'threads' | 'precision' | 'choices'>,
): Promise<PictureRunner> {
  const executable = await engine.compile(program, options)
  const { shape } = program.inputs.images
  const [batchSize] = shape
  const pictureSize = sizeOf(shape.slice(1))
  const rowSizes = Object.entries(program.outputs).map(
    ([name, node]) => [name, sizeOf(node.shape) / batchSize] as const,
  )

  return {
    choices: executable.choices,

    async load(state) {
      const used = averaged(state)
      const own = Object.keys(program.state).map((name) => [name, used[name]] as const)
      await executable.writeState(Object.fromEntries(own.filter(([, tensor]) => tensor !== undefined)))
    },

    async run(images, count) {
      const results = Object.fromEntries(rowSizes.map(([name, size]) => [name, new Float32Array(count * size)]))
      for (let from = 0; from < count; from += batchSize) {
        const rows = Math.min(batchSize, count - from)
        let batch = images.subarray(from * pictureSize, (from + rows) * pictureSize)
        if (rows < batchSize) {
          // Filled up with zeros, whose results are left out.
          const full = new Float32Array(batchSize * pictureSize)
          full.set(batch)
          batch = full
        }
        const outputs = await executable.run({ images: { dtype: 'float32', shape, data: batch } })
        for (const [name, size] of rowSizes) results[name].set(outputs[name].data.subarray(0, rows * size), from * size)
      }
      return results
    },

    dispose: () => executable.dispose(),
  }
}
