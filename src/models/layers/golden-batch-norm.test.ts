import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../../tests/support/engines.js'
import { fill, goldenDifference, readGolden, type Summary, type TensorSpec } from '../../../tests/support/golden.js'
import { rounded } from '../../../tests/support/operator-cases.js'
import { referenceEngine } from '../../engines/reference/reference-engine.js'
import { GraphBuilder } from '../../graph/builder.js'
import { differentiate } from '../../graph/differentiate.js'
import type { Node } from '../../graph/node.js'
import { matmul } from '../../graph/ops/matmul.js'
import { reshape } from '../../graph/ops/reshape.js'
import type { Program } from '../../graph/program.js'
import { float32, type Shape, sizeOf } from '../../tensor.js'
import { batchNormLayer } from './batch-norm.js'

type Numbers = readonly number[] | Summary

interface GoldenCase {
  readonly name: string
  readonly shape: Shape
  readonly epsilon: number
  readonly momentum: number
  readonly weight: TensorSpec
  readonly bias: TensorSpec
  readonly batches: readonly {
    readonly input: TensorSpec
    readonly outputGradient: TensorSpec
    readonly output: Numbers
    readonly gradients: readonly [x: Numbers, weight: Numbers, bias: Numbers]
    readonly runningMean: readonly number[]
    readonly runningVar: readonly number[]
  }[]
  readonly evaluation: { readonly input: TensorSpec; readonly output: Numbers }
}

const { cases } = readGolden<GoldenCase>('batch-norm')

/** The reference keeps its state, the running statistics, as float32 too. */
const engines = [
  { engine: referenceEngine(), tolerance: 1e-8, state: 1e-6 },
  ...testedEngines.map((engine) => ({ engine, tolerance: 2e-5, state: 1e-5 })),
]

describe.each(engines)("engine $engine.name against PyTorch's batch normalisation", ({ engine, tolerance, state }) => {
  it.each(cases)('$name', async (golden) => {
    const given = (tensors: Record<string, ReturnType<typeof fill>>) =>
      engine.name === 'reference' ? tensors : rounded(tensors)
    const channels = [golden.shape[1]]
    const constants = (value: number) => float32(channels, new Float32Array(channels[0]).fill(value))
    const parameters = rounded({ weight: fill(golden.weight), bias: fill(golden.bias) })

    const training = await engine.compile(layerProgram(golden, true))
    await training.writeState({ ...parameters, running_mean: constants(0), running_var: constants(1) })
    for (const [i, batch] of golden.batches.entries()) {
      const r = fill({ ...batch.outputGradient, shape: [sizeOf(golden.shape), 1] })
      const outputs = await training.run(given({ x: fill(batch.input), r }))
      expect(goldenDifference(outputs.y, batch.output), `output ${i}`).toBeLessThan(tolerance)
      for (const [k, name] of (['x', 'weight', 'bias'] as const).entries())
        expect(goldenDifference(outputs[`gradient of ${name}`], batch.gradients[k]), `${name}, ${i}`).toBeLessThan(
          tolerance,
        )
      const { running_mean, running_var } = await training.readState(['running_mean', 'running_var'])
      expect(goldenDifference(running_mean, batch.runningMean), `running mean ${i}`).toBeLessThan(state)
      expect(goldenDifference(running_var, batch.runningVar), `running variance ${i}`).toBeLessThan(state)
    }

    const inference = await engine.compile(layerProgram(golden, false))
    await inference.writeState(await training.readState())
    const { y } = await inference.run(given({ x: fill(golden.evaluation.input) }))
    expect(goldenDifference(y, golden.evaluation.output)).toBeLessThan(engine.name === 'reference' ? state : tolerance)
    for (const executable of [training, inference]) await executable.dispose()
  })
})

/** The layer alone. In training the loss is Σ y·r, so that r is the gradient of y. */
function layerProgram({ shape, epsilon, momentum }: GoldenCase, isTraining: boolean): Program {
  const graph = new GraphBuilder('batch normalisation')
  const x = graph.input('x', shape)
  const [weight, bias, ...statistics] = ['weight', 'bias', 'running_mean', 'running_var'].map((name) =>
    graph.state(name, [shape[1]]),
  )
  const next: Record<string, Node> = {}
  const y = batchNormLayer.apply({ kind: 'batch-norm', epsilon, momentum }, x, {
    graph,
    parameters: [weight, bias],
    statistics,
    ...(isTraining && {
      training: {
        dropoutMask: () => x,
        advance: (i, node) => {
          next[['running_mean', 'running_var'][i]] = node
        },
      },
    }),
  })
  if (!isTraining) return graph.program({ outputs: { y } })
  const r = graph.input('r', [sizeOf(shape), 1])
  const row = graph.add(reshape, [y], { shape: [1, sizeOf(shape)] })
  const product = graph.add(matmul, [row, r], { transposeA: false, transposeB: false })
  const loss = graph.add(reshape, [product], { shape: [] })
  const gradients = differentiate(graph, loss, [x, weight, bias])
  const named = ['x', 'weight', 'bias'].map((name, i) => [`gradient of ${name}`, gradients[i]] as const)
  return graph.program({ outputs: { y, ...Object.fromEntries(named) }, next })
}
