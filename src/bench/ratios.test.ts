import { expect, it } from 'vitest'
import { type Measurement, median, summariseRounds } from './measurement.js'
import { ratiosTo } from './ratios.js'

const measured = (runner: string, imagesPerSecond: number, more: Partial<Measurement> = {}): Measurement => ({
  task: 'train',
  model: '80sec',
  batchSize: 4,
  runner,
  precision: 'float32',
  layout: 'default',
  imagesPerSecond,
  min: imagesPerSecond / 2,
  max: imagesPerSecond * 2,
  peakMemoryBytes: 1000,
  ...more,
})

it('a result is compared with each layout of a peer, and with the best', () => {
  const results = [
    measured('onnx', 100),
    measured('pytorch', 50),
    measured('pytorch', 80, { layout: 'channels_last' }),
    measured('pytorch', 400, { precision: 'bfloat16' }),
    measured('jax', 1),
  ]
  expect(ratiosTo(results[0], results, ['pytorch', 'jax', 'tfjs'])).toEqual({
    'pytorch default': 2,
    'pytorch channels_last': 1.25,
    'pytorch best': 1.25,
    jax: 100,
  })
  expect(ratiosTo(measured('onnx', 100, { precision: 'bfloat16' }), results, ['pytorch'])).toEqual({ pytorch: 0.25 })
})

it('rounds are summed up by their medians', () => {
  const rounds = [measured('onnx', 3), measured('onnx', 9, { peakMemoryBytes: 5000 }), measured('onnx', 4)]
  expect(summariseRounds(rounds)).toEqual(measured('onnx', 4, { min: 3, max: 9, peakMemoryBytes: 5000 }))
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
