import { allInputs, type Program } from '../../graph/program.js'
import { sizeOf, type Tensor, type Tensors } from '../../tensor.js'
import type { CompileOptions, Engine } from '../engine.js'

/** Runs that are timed, unless they take long. */
const RUNS = 3
const LONG_MILLISECONDS = 1000

/**
 * How long an engine takes for a run of a program, in milliseconds: the fastest of a few, after one that warms up (and in
 * which some engines make ready what they need). All inputs are zeros or halves and the whole state is zeros, which takes no
 * other time.
 */
export async function measureProgram(
  engine: Engine,
  program: Program,
  options: Pick<CompileOptions, 'threads' | 'precision'>,
): Promise<number> {
  const executable = await engine.compile(program, options)
  try {
    const inputs = someInputs(program)
    await executable.run(inputs)
    const times: number[] = []
    while (times.length < RUNS && (times.at(-1) ?? 0) < LONG_MILLISECONDS) {
      const start = performance.now()
      await executable.run(inputs)
      times.push(performance.now() - start)
    }
    return Math.min(...times)
  } finally {
    await executable.dispose()
  }
}

function someInputs(program: Program): Tensors {
  return Object.fromEntries(
    Object.entries(allInputs(program)).map(([name, { dtype, shape }]): [string, Tensor] => {
      const size = sizeOf(shape)
      if (dtype === 'uint8') return [name, { dtype, shape, data: new Uint8Array(size) }]
      if (dtype === 'int32') return [name, { dtype, shape, data: new Int32Array(size) }]
      return [name, { dtype: 'float32', shape, data: new Float32Array(size).fill(0.5) }]
    }),
  )
}
