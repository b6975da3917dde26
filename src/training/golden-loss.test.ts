import { describe, expect, it } from 'vitest'
import { testedEngines } from '../../tests/support/engines.js'
import { fill, goldenDifference, readGolden, type Summary, type TensorSpec } from '../../tests/support/golden.js'
import { rounded } from '../../tests/support/operator-cases.js'
import { type Mix, mixPictures, rectangleMix } from '../data/mix/mix.js'
import { referenceEngine } from '../engines/reference/reference-engine.js'
import { GraphBuilder } from '../graph/builder.js'
import { differentiate } from '../graph/differentiate.js'
import { softTargetCrossEntropy } from '../graph/ops/soft-target-cross-entropy.js'
import type { Model } from '../models/model.js'
import { type Loss, lossTargets } from '../programs/loss.js'
import { stepResults } from '../programs/training-program.js'
import { float32, int32, scalarValue } from '../tensor.js'
import { learning } from './learning.js'

/** How a batch is mixed: `share` before the rectangle about `centre` is cut off where it sticks out. */
interface GoldenMix {
  readonly share: number
  readonly centre: readonly [number, number] | null
}

interface Answers {
  readonly name: string
  readonly labels: readonly number[]
  readonly classWeights: readonly number[] | null
  readonly labelSmoothing: number
}

interface LossCase extends Answers {
  readonly kind: 'loss'
  readonly logits: TensorSpec
  readonly share: number
  readonly loss: number
  readonly gradient: readonly number[]
}

interface MixCase extends GoldenMix {
  readonly kind: 'mix'
  readonly name: string
  readonly pictures: TensorSpec
  readonly mixedShare: number
  readonly mixed: readonly number[] | Summary
}

interface TrainingCase extends Answers {
  readonly kind: 'training'
  readonly parameters: Readonly<Record<string, TensorSpec>>
  readonly pictures: TensorSpec
  readonly mixes: readonly GoldenMix[]
  readonly rate: number
  readonly losses: readonly number[]
  readonly state: Readonly<Record<string, readonly number[]>>
}

const { cases } = readGolden<LossCase | MixCase | TrainingCase>('loss')
const ofKind = <Kind extends (typeof cases)[number]['kind']>(kind: Kind) =>
  cases.filter((one): one is Extract<(typeof cases)[number], { kind: Kind }> => one.kind === kind)

const lossOf = ({ classWeights, labelSmoothing }: Answers): Loss => ({
  labelSmoothing,
  ...(classWeights && { classWeights }),
})

const mixOf = ({ share, centre }: GoldenMix, [, , side]: readonly number[]): Mix =>
  centre ? rectangleMix(share, ...centre, side) : { share }

/** The pictures as a loader gives them, in float32. */
const floats = (spec: TensorSpec) => float32(spec.shape, Float32Array.from(fill(spec).data))

describe("targets against PyTorch's CrossEntropyLoss", () => {
  it.each(ofKind('loss'))('$name', async (golden) => {
    const { logits: spec, labels, share } = golden
    const graph = new GraphBuilder('loss')
    const logits = graph.input('logits', spec.shape)
    const loss = graph.add(softTargetCrossEntropy, [logits, graph.input('targets', spec.shape)], {})
    const [gradient] = differentiate(graph, loss, [logits])
    const executable = await referenceEngine().compile(graph.program({ outputs: { loss, gradient } }))
    const batch = { labels: int32([labels.length], labels), mix: { share } }
    const outputs = await executable.run({
      logits: fill(spec),
      targets: lossTargets(batch, spec.shape[1], lossOf(golden)),
    })
    // Targets are float32.
    expect(scalarValue(outputs.loss) / golden.loss).toBeCloseTo(1, 6)
    expect(goldenDifference(outputs.gradient, golden.gradient)).toBeLessThan(1e-6)
  })
})

describe("mixed pictures against timm's formulas", () => {
  it.each(ofKind('mix'))('$name', (golden) => {
    const { shape, data } = floats(golden.pictures)
    const mix = mixOf(golden, [shape[1], shape[2], shape[3]])
    mixPictures(data, shape, mix)
    expect(mix.share).toBeCloseTo(golden.mixedShare, 8)
    expect(goldenDifference({ data }, golden.mixed)).toBeLessThan(1e-6)
  })
})

/** One linear layer. */
const model: Model = {
  name: 'linear',
  inputShape: [3, 4, 4],
  classes: 4,
  features: [{ kind: 'flatten' }],
  classifier: [{ kind: 'linear', outputs: 4 }],
}

describe.each([referenceEngine(), ...testedEngines])('ten steps by engine $name against PyTorch', (engine) => {
  it.each(ofKind('training'))('$name', async (golden) => {
    const { labels, mixes, parameters, rate } = golden
    const loader = { batchSize: labels.length, seed: 1, mix: { mixup: 1 } }
    const optimizer = { momentum: 0.9, weightDecay: 0 }
    const { program, inputs } = learning({ model, optimizer, loss: lossOf(golden) }, loader)
    const executable = await engine.compile(program)
    await executable.writeState(
      rounded(Object.fromEntries(Object.entries(parameters).map(([name, spec]) => [name, fill(spec)]))),
    )
    for (const [step, given] of mixes.entries()) {
      const images = floats({ ...golden.pictures, seed: golden.pictures.seed + step })
      const mix = mixOf(given, model.inputShape)
      mixPictures(images.data, images.shape, mix)
      const batch = { images, labels: int32([labels.length], labels), mix }
      const { loss } = stepResults(await executable.run(inputs(batch, { rate, step })))
      expect(loss / golden.losses[step], `the loss of step ${step + 1}`).toBeCloseTo(1, 5)
    }
    const state = await executable.readState(Object.keys(parameters))
    for (const [name, values] of Object.entries(golden.state))
      expect(goldenDifference(state[name], values), name).toBeLessThan(1e-5)
    await executable.dispose()
  })
})
