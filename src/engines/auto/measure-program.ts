import { allInputs, type Program } from '../../graph/program.js'
import { sizeOf, type Tensor, type Tensors } from '../../tensor.js'
import type { CompileOptions, Engine } from '../engine.js'

/** Runs of which the fastest counts, unless they take long. */
const RUNS = 3
const LONG_MILLISECONDS = 1000

/**
 * How long an engine takes for a run of a program, in milliseconds: the fastest of a few, after one that warms up and
 * counts only where runs take long. All inputs and the whole state are zeros or halves, which take no other time.
 */
export async function measureProgram(engine: Engine, program: Program, options: CompileOptions): Promise<number> {
  const executable = await engine.compile(program, options)
  try {
    const inputs = someInputs(program)
    const times: number[] = []
    for (let run = 0; run <= RUNS && (times.at(-1) ?? 0) < LONG_MILLISECONDS; run++) {
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
