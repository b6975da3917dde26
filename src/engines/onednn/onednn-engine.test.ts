import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../tests/support/cli.js'
import { relativeDifference } from '../../../tests/support/closeness.js'
import { computesBfloat16, hasOneDnn, oneDnnLibrary, onednn } from '../../../tests/support/engines.js'
import { caseInputs, caseProgram, operatorCases, rounded } from '../../../tests/support/operator-cases.js'
import { inputsOf } from '../../../tests/support/program-inputs.js'
import { GraphBuilder } from '../../graph/builder.js'
import { matmul } from '../../graph/ops/matmul.js'
import { allState } from '../../graph/program.js'
import { createModel } from '../../models/catalogue.js'
import { initialState } from '../../models/initial-state.js'
import { inferenceProgram } from '../../programs/inference-program.js'
import { trainingProgram } from '../../programs/training-program.js'
import { float32 } from '../../tensor.js'
import type { Executable } from '../engine.js'
import { referenceEngine } from '../reference/reference-engine.js'
import { PlanBuilder } from './plan.js'

const CLASSES = 7
const model = createModel('alexnet-cifar', { inputShape: [3, 16, 16], classes: CLASSES }, { width: 1 / 16 })
const program = trainingProgram(model, { batchSize: 4, optimizer: { rule: 'paper' } })
const state = initialState(model, 5)
const weight = 'classifier.6.weight'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What `alexnet` finds at an unusual place, or with fewer instructions. */
const cli = (env: NodeJS.ProcessEnv, ...args: string[]) => start(args, { env }).finished
const oneStep = ['bench', '--model', '18pct', '--batch-size', '1', '--seconds', '0.1', '--rounds', '1']

describe.skipIf(!hasOneDnn)('the engine onednn', () => {
  const engine = onednn!

  it('leaves the calling thread free while it works', async () => {
    const graph = new GraphBuilder('a long product')
    const x = graph.input('x', [3000, 3000])
    const executable = await engine.compile(
      graph.program({ outputs: { y: graph.add(matmul, [x, x], { transposeA: false, transposeB: false }) } }),
    )
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const pending = executable.run({ x: float32([3000, 3000], new Float32Array(9e6)) })
    ticks = 0
    await pending
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(3)
    await executable.dispose()
  })

  it('gives the same with one thread and with two', async () => {
    const outputs = []
    for (const threads of [1, 2]) {
      const executable = await engine.compile(program, { threads })
      await executable.writeState(state)
      await executable.run(inputsOf(program, 0, { classes: CLASSES }))
      outputs.push(await executable.readState())
      await executable.dispose()
    }
    for (const [name, tensor] of Object.entries(outputs[0]))
      expect(relativeDifference(outputs[1][name], tensor), name).toBeLessThan(1e-5)
  })

  it.skipIf(process.platform !== 'linux')('starts as many threads as it is told to', async () => {
    const program = (threads: number) => `
      import { readdirSync } from 'node:fs'
      import { createModel, inferenceProgram, scalar, float32, sizeOf } from 'alexnet'
      import { selectEngine } from 'alexnet/node'
      const { engine } = await selectEngine('onednn')
      const program = inferenceProgram(createModel('80sec'), 4)
      const executable = await engine.compile(program, { threads: ${threads} })
      const { shape } = program.inputs.images
      await executable.run({ images: float32(shape, new Float32Array(sizeOf(shape))) })
      console.log(readdirSync('/proc/self/task').length)
      await executable.dispose()`
    const tasks = async (threads: number) =>
      Number((await run(process.execPath, ['--input-type=module', '--eval', program(threads)], { cwd: root })).stdout)
    expect((await tasks(4)) - (await tasks(1))).toBe(3)
  })

  it('refuses to do anything after dispose, which may be called twice', async () => {
    const executable = await engine.compile(program)
    await executable.dispose()
    await executable.dispose()
    const gone = { code: 'engine-failed', message: expect.stringContaining('has been disposed') }
    await expect(executable.run(inputsOf(program, 0, { classes: CLASSES }))).rejects.toMatchObject(gone)
    await expect(executable.readState()).rejects.toMatchObject(gone)
    await expect(executable.writeState(state)).rejects.toMatchObject(gone)
    await expect(executable.timings()).rejects.toMatchObject(gone)
  })

  it('trains and evaluates on one thread, with questions that overlap', async () => {
    const inference = inferenceProgram(model, 4)
    const [training, evaluation] = await Promise.all([engine.compile(program), engine.compile(inference)])
    await Promise.all([training.writeState(state), evaluation.writeState(state)])
    const pictures = inputsOf(inference, 0, { classes: CLASSES })
    const alone = await evaluation.run(pictures)
    const [, together] = await Promise.all([
      training.run(inputsOf(program, 0, { classes: CLASSES })),
      evaluation.run(pictures),
    ])
    expect(together).toEqual(alone)
    await training.dispose()
    expect(await evaluation.run(pictures)).toEqual(alone)
    await evaluation.dispose()
  })

  it('names the layer and the operator that oneDNN refuses', () => {
    const plan = new PlanBuilder(oneDnnLibrary!)
    const matrix = (rows: number, columns: number) => plan.plainDesc([rows, columns], 'float32')
    expect(() =>
      plan.primitive(
        { layer: 'classifier.1', operator: 'matmul' },
        { kind: 'matmul', src: matrix(2, 3), weights: matrix(4, 5), dst: matrix(2, 5) },
      ),
    ).toThrow(
      expect.objectContaining({
        name: 'AlexNetError',
        code: 'engine-failed',
        message: expect.stringMatching(/^onednn: classifier\.1: matmul: oneDNN says: invalid arguments/),
      }),
    )
    plan.dispose()
  })
})

describe.skipIf(!computesBfloat16)('bfloat16', () => {
  /** Values have 8 significant bits: half a unit of the last one is 0.2 % of the largest, and some errors add up. */
  const TOLERANCE = 0.02
  /** The gradient of batch normalisation is what is left when its own mean and slope are taken out of it. */
  const TOLERANCE_OF_DIFFERENCES = 0.1

  it.each(operatorCases)('$name', async (operatorCase) => {
    const plain = caseProgram(operatorCase)
    const inputs = caseInputs(plain, operatorCase)
    const expected = await (await referenceEngine().compile(plain)).run(inputs)
    const executable = await onednn!.compile(plain, { precision: 'bfloat16' })
    const actual = await executable.run(rounded(inputs))
    await executable.dispose()
    for (const [name, tensor] of Object.entries(expected)) {
      if (name === 'loss') continue // A sum that may cancel to nearly nothing.
      const isDifference = plain.nodes.some(({ op }) => op === 'batchNormInputGradient')
      expect(relativeDifference(actual[name], tensor), name).toBeLessThan(
        isDifference ? TOLERANCE_OF_DIFFERENCES : TOLERANCE,
      )
    }
  })

  describe('training', () => {
    let executable: Executable
    beforeAll(async () => {
      executable = await onednn!.compile(program, { precision: 'bfloat16' })
    })
    afterAll(() => executable.dispose())

    const losses = async (each: Executable) => {
      await each.writeState(zeroed())
      const result = []
      for (let step = 0; step < 5; step++)
        result.push((await each.run(inputsOf(program, step, { classes: CLASSES, rate: 0.05 }))).loss.data[0])
      return result
    }
    const zeroed = () => ({
      ...Object.fromEntries(
        Object.entries(allState(program)).map(([name, { current }]) => [
          name,
          float32(current.shape, new Float32Array(current.shape.reduce((a, b) => a * b, 1))),
        ]),
      ),
      ...state,
    })

    it('keeps the state in float32', async () => {
      await executable.writeState(state)
      expect((await executable.readState([weight]))[weight].data).toEqual(state[weight].data)
    })

    it('has losses within 1 % of those in float32', async () => {
      const plain = await onednn!.compile(program)
      const [actual, expected] = [await losses(executable), await losses(plain)]
      actual.forEach((loss, step) => {
        expect(Math.abs(loss / expected[step] - 1)).toBeLessThan(0.01)
      })
      await plain.dispose()
    })

    it('repeats itself bit by bit', async () => {
      const once = [await losses(executable), await executable.readState()]
      expect([await losses(executable), await executable.readState()]).toEqual(once)
    })
  })

  it('is refused in one line where the processor lacks it', async () => {
    const { code, stderr } = await cli(
      { DNNL_MAX_CPU_ISA: 'AVX512_CORE' },
      ...oneStep.slice(0, 1),
      ...['--engine', 'onednn', '--precision', 'bfloat16', ...oneStep.slice(1)],
    )
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^alexnet: onednn: this processor does not compute in bfloat16.*\n.*float32/m),
    ])
  })
})

describe('a library that cannot be used', () => {
  it.each([
    ['that is not there', '/nonexistent/libdnnl.so.3'],
    ['that is no library', new URL('../../../package.json', import.meta.url).pathname],
    ['that is not oneDNN', 'libc.so.6'],
  ])('%s is named in one line', async (_, file) => {
    const { code, stderr, stdout } = await cli({ ALEXNET_ONEDNN: file }, 'train', '--engine', 'onednn')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^alexnet: the engine onednn cannot run here: .*\n.+\n$/)
    expect(stderr).toContain(file)
  })

  it('is passed over by `auto`, and told by doctor', async () => {
    const { stdout } = await cli({ ALEXNET_ONEDNN: '/nonexistent/libdnnl.so.3' }, 'doctor', '--json')
    const { engines, advice } = JSON.parse(stdout)
    expect(engines[0]).toMatchObject({ name: 'onednn', problem: expect.stringContaining('/nonexistent') })
    expect(engines[1].problem).toBeUndefined()
    expect(advice.join()).toContain('With oneDNN training is several times faster')
  })

  it.skipIf(!hasOneDnn)('is told by doctor otherwise: version, file, instruction set', async () => {
    const { engines } = JSON.parse((await cli({}, 'doctor', '--json')).stdout)
    expect(engines[0]).toMatchObject({
      name: 'onednn',
      found: expect.stringMatching(/^oneDNN \d+\.\d+\.\d+ \(.*\), \w+/),
    })
    expect(engines[0].problem).toBeUndefined()
  })
})
