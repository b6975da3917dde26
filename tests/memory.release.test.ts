import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { testedEngines } from './support/engines.js'

/** How many are made and disposed of. */
const EXECUTABLES = 20

/**
 * A process of its own, where the collector can be called: 100 steps to settle, then 100 that must not add memory. A
 * step of this net moves 6 MB of parameters: leaking them once a step would add 600 MB. Then the same executable is made
 * and disposed of again and again: each holds 13 MB of parameters and velocities.
 */
const program = (engineName: string) => `
  import { allState, createModel, float32, initialState, int32, sizeOf, stepInputs, trainingProgram } from 'alexnet'
  import { selectEngine } from 'alexnet/node'
  const model = createModel('alexnet-cifar', {}, { width: 0.5 })
  const program = trainingProgram(model, { batchSize: 8, optimizer: { rule: 'paper' } })
  const { engine } = await selectEngine('${engineName}')
  const executable = await engine.compile(program, { threads: 1 })
  await executable.writeState(initialState(model, 1))
  const inputs = () => stepInputs(program, {
    images: float32([8, 3, 32, 32], new Float32Array(8 * 3072)),
    labels: int32([8], new Int32Array(8)),
    rate: 0.001,
    step: 0,
  })
  const memory = () => { globalThis.gc(); return process.memoryUsage().rss }
  for (let i = 0; i < 100; i++) await executable.run(inputs())
  const before = memory()
  for (let i = 0; i < 100; i++) await executable.run(inputs())
  const growth = memory() - before
  const again = async (count) => {
    for (let i = 0; i < count; i++) {
      const another = await engine.compile(program, { threads: 1 })
      await another.run(inputs())
      await another.dispose()
    }
  }
  await again(5)
  const settled = memory()
  await again(${EXECUTABLES})
  console.log(JSON.stringify({ growth, growthByCompiling: memory() - settled, parameterBytes: 4 * Object.values(allState(program)).reduce((sum, { current }) => sum + sizeOf(current.shape), 0) }))
`

describe.each(testedEngines)('engine $name', ({ name }) => {
  it('takes no more memory after a hundred steps, nor after many executables', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', '--input-type=module', '--eval', program(name)],
      { cwd: fileURLToPath(new URL('..', import.meta.url)) },
    )
    const { growth, growthByCompiling, parameterBytes } = JSON.parse(stdout)
    expect(parameterBytes).toBeGreaterThan(6e6)
    expect(growth).toBeLessThan(30e6)
    expect(growthByCompiling).toBeLessThan(60e6)
  })
})
