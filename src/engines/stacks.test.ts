import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computesBfloat16, hasOneDnn, onednn } from '../../tests/support/engines.js'
import { inputsOf } from '../../tests/support/program-inputs.js'
import { thoroughly } from '../../tests/support/thoroughness.js'
import { initialState } from '../models/initial-state.js'
import type { Layer } from '../models/layers/index.js'
import type { Model } from '../models/model.js'
import { trainingProgram } from '../programs/training-program.js'
import type { Shape, Tensor, Tensors } from '../tensor.js'
import type { Precision } from './engine.js'
import { referenceEngine } from './reference/reference-engine.js'

/**
 * Random networks, trained for two steps. An engine that keeps pictures and weights in layouts of its own can go wrong
 * wherever two operators meet, and in numbers of channels that fill no vector: no list of cases holds all of that.
 *
 * `ALEXNET_STACKS=1000 npx vitest run src/engines/stacks.test.ts` tries more of them, with a new seed each time.
 */
const more = Number(process.env.ALEXNET_STACKS ?? 0)
const runs = {
  numRuns: more || thoroughly(10, 25),
  ...(more ? {} : { seed: 7 }),
}

const CLASSES = 5

/** What a layer is drawn as; what does not fit its input is left out. */
type Draft = (shape: Shape) => Layer | undefined

const channels = fc.constantFrom(1, 2, 3, 4, 7, 8, 16, 17, 24, 32, 33)

const convolution = fc
  .record({
    filters: channels,
    kernel: fc.constantFrom(1, 2, 3, 5, 7),
    stride: fc.constantFrom(1, 1, 1, 2, 3, 4),
    padding: fc.nat(3),
    groups: fc.constantFrom(1, 1, 1, 2, 3),
  })
  .map(
    ({ filters, kernel, stride, padding, groups }): Draft =>
      ([inputs, height, width]) => {
        if (Math.min(height, width) + 2 * padding < kernel || padding >= kernel) return undefined
        const fitting = inputs % groups === 0 ? groups : 1
        return { kind: 'conv2d', filters: filters * fitting, kernel, stride, padding, groups: fitting }
      },
  )

const pooling = fc
  .record({
    kind: fc.constantFrom('max-pool', 'avg-pool'),
    kernel: fc.constantFrom(2, 3),
    stride: fc.constantFrom(1, 2, 3),
    ceil: fc.boolean(),
  })
  .map(
    ({ kind, kernel, stride, ceil }): Draft =>
      ([, height, width]) =>
        Math.min(height, width) < kernel ? undefined : { kind, kernel, stride, ceil },
  )

const lrn = fc
  .record({
    across: fc.constantFrom('channels', 'map'),
    size: fc.constantFrom(3, 4, 5),
    beta: fc.constantFrom(0.5, 0.75, 1),
  })
  .map(
    ({ across, size, beta }): Draft =>
      () => ({
        kind: 'lrn',
        across,
        size: across === 'map' ? size | 1 : size,
        beta,
        alpha: 0.2,
        k: 1,
        alphaTimes: 'sum',
      }),
  )

const activation: fc.Arbitrary<Draft> = fc.constantFrom('relu', 'tanh').map((kind) => () => ({ kind }))
const dropout: fc.Arbitrary<Draft> = fc.constantFrom(0.25, 0.5).map((rate) => () => ({ kind: 'dropout', rate }))
const linear: fc.Arbitrary<Draft> = channels.map((outputs) => () => ({ kind: 'linear', outputs }))

const stack = fc
  .record({
    inputShape: fc.tuple(
      fc.constantFrom(1, 3, 4, 16),
      fc.integer({ min: 5, max: 12 }),
      fc.integer({ min: 5, max: 12 }),
    ),
    batch: fc.constantFrom(1, 2, 3),
    features: fc.array(
      fc.oneof(
        { arbitrary: convolution, weight: 4 },
        { arbitrary: activation, weight: 2 },
        { arbitrary: pooling, weight: 2 },
        { arbitrary: lrn, weight: 1 },
        { arbitrary: dropout, weight: 1 },
      ),
      { minLength: 1, maxLength: 8 },
    ),
    classifier: fc.array(
      fc.oneof(
        { arbitrary: linear, weight: 2 },
        { arbitrary: activation, weight: 1 },
        { arbitrary: dropout, weight: 1 },
      ),
      { maxLength: 4 },
    ),
    rule: fc.constantFrom('paper' as const, 'pytorch' as const),
  })
  .map(({ inputShape, batch, features, classifier, rule }) => ({
    model: modelOf(inputShape, features, classifier),
    batch,
    rule,
  }))

type Stack = typeof stack extends fc.Arbitrary<infer T> ? T : never

function modelOf(inputShape: Shape, features: readonly Draft[], classifier: readonly Draft[]): Model {
  let shape = inputShape
  const fitting: Layer[] = []
  for (const draft of features) {
    const layer = draft(shape)
    if (!layer) continue
    fitting.push(layer)
    shape = shapeAfter(layer, shape)
  }
  return {
    name: 'stack',
    inputShape,
    classes: CLASSES,
    features: [...fitting, { kind: 'flatten' }],
    classifier: [...classifier.flatMap((draft) => draft(shape) ?? []), { kind: 'linear', outputs: CLASSES }],
  }
}

function shapeAfter(layer: Layer, [count, ...size]: Shape): Shape {
  if (layer.kind === 'conv2d')
    return [layer.filters, ...size.map((n) => Math.floor((n + 2 * layer.padding - layer.kernel) / layer.stride) + 1)]
  if (layer.kind === 'max-pool' || layer.kind === 'avg-pool')
    return [
      count,
      ...size.map((n) => {
        const steps = (n - layer.kernel) / layer.stride
        const last = layer.ceil ? Math.ceil(steps) : Math.floor(steps)
        return last * layer.stride >= n ? last : last + 1
      }),
    ]
  return [count, ...size]
}

/** The difference of two tensors by the size of the second, both as lengths of vectors; what is tiny is compared with `least`. */
function distance(actual: Tensor, expected: Tensor, least: number): number {
  let difference = 0
  let size = 0
  for (let i = 0; i < expected.data.length; i++) {
    difference += (actual.data[i] - expected.data[i]) ** 2
    size += expected.data[i] ** 2
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(size), least)
}

function lengthOf({ data }: Tensor): number {
  return Math.hypot(...data)
}

async function trainAlike({ model, batch, rule }: Stack, precision: Precision, tolerance: number) {
  const program = trainingProgram(model, { batchSize: batch, optimizer: { weightDecay: 0.01, rule } })
  const state = initialState(model, 1)
  const [actual, expected] = await Promise.all([
    onednn!.compile(program, { precision }),
    referenceEngine().compile(program),
  ])
  try {
    for (const executable of [actual, expected]) await executable.writeState(state)
    for (const step of [0, 1]) {
      const inputs = inputsOf(program, step, { classes: CLASSES, rate: 0.05 })
      const [outputs, wanted] = [await actual.run(inputs), await expected.run(inputs)]
      expect(Math.abs(outputs.loss.data[0] - wanted.loss.data[0])).toBeLessThan(
        tolerance * Math.max(1, wanted.loss.data[0]),
      )
      expectNear(await actual.readState(), await expected.readState(), tolerance)
      // Each step is judged by itself.
      await actual.writeState(await expected.readState())
    }
  } finally {
    await actual.dispose()
  }
}

/** Velocities hold the gradients, each by itself; one that is next to nothing beside the others may be rounding. */
function expectNear(actual: Tensors, expected: Tensors, tolerance: number): void {
  const least = 0.01 * Math.max(...Object.values(expected).map(lengthOf))
  for (const [name, tensor] of Object.entries(expected))
    expect(distance(actual[name], tensor, name.startsWith('velocity') ? least : 0), name).toBeLessThan(tolerance)
}

describe.skipIf(!hasOneDnn)('onednn trains random networks as the reference does', () => {
  it(
    'in float32',
    () =>
      fc.assert(
        fc.asyncProperty(stack, (each) => trainAlike(each, 'float32', 1e-3)),
        runs,
      ),
    3_600_000,
  )

  it.skipIf(!computesBfloat16)(
    'in bfloat16',
    () =>
      fc.assert(
        fc.asyncProperty(stack, (each) => trainAlike(each, 'bfloat16', 0.4)),
        runs,
      ),
    3_600_000,
  )
})
