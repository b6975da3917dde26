import { expect, it } from 'vitest'
import type { EpochLine, MetricsLine, StepsLine } from './lines.js'
import { RunScalars } from './run-scalars.js'

const steps = (epoch: number, step: number, loss: number): StepsLine => {
  return { kind: 'steps', epoch, step, rate: 0.1, loss, top1: loss / 10, top5: 1 }
}
const epochLine = (epoch: number, step: number, loss: number): EpochLine => ({
  ...{ kind: 'epoch', epoch, step, rate: 0.05 },
  training: { loss, top1: loss / 10, top5: 1, images: 32 * 5 },
  validation: { loss: 7, top1: 0.5, top5: 0.75, images: 10 },
})

const told = (...lines: MetricsLine[]) => {
  const scalars = new RunScalars()
  return lines.map((line) =>
    line.kind === 'epoch' ? scalars.epoch(line, { imagesPerSecond: 99 }) : scalars.steps(line),
  )
}

it('takes the mean since the last point out of the means of the epoch so far', () => {
  // Losses of the steps: 8, 8, 2, 2, 2 | 1, 1, 3, 3, 5
  const [a, b, rest, c, d, end] = told(
    steps(1, 2, 8),
    steps(1, 4, 5),
    epochLine(1, 5, 22 / 5),
    steps(2, 7, 1),
    steps(2, 9, 2),
    epochLine(2, 10, 13 / 5),
  ).map(({ values }) => values)
  expect([a, b, rest, c, d, end].map((values) => values['loss/train'])).toEqual([
    8,
    2,
    expect.closeTo(2, 12),
    1,
    3,
    expect.closeTo(5, 12),
  ])
  expect(b['accuracy/train']).toBeCloseTo(0.2, 12)
  expect(a).toEqual({ 'loss/train': 8, 'accuracy/train': 0.8, 'top5/train': 1, learning_rate: 0.1 })
})

it('tells after an epoch what the evaluation gave, and nothing of training twice', () => {
  const [, epoch] = told(steps(1, 5, 4), epochLine(1, 5, 4))
  expect(epoch).toEqual({
    step: 5,
    values: {
      ...{ 'loss/validation': 7, 'accuracy/validation': 0.5, 'top5/validation': 0.75 },
      ...{ images_per_second: 99, epoch: 1 },
    },
  })
})
