import { expect, it } from 'vitest'
import { operatorCosts } from './profile.js'
import { programOf } from './workload.js'

const timing = (layer: string, operator: string, milliseconds: number) => ({ layer, operator, calls: 1, milliseconds })

it('times become costs of one step, in the order of the program', () => {
  const { program } = programOf({ task: 'infer', model: '80sec', batchSize: 2 })
  const costs = operatorCosts(
    program,
    [
      timing('engine', 'overhead', 20),
      timing('program', 'softmax', 40),
      timing('classifier.0', 'matmul', 60),
      timing('features.0', 'conv2d', 100),
    ],
    [timing('features.0', 'conv2d', 20)],
    2,
  )
  expect(costs.map(({ layer, operator, milliseconds, share }) => [layer, operator, milliseconds, share])).toEqual([
    ['features.0', 'conv2d', 40, 0.4],
    ['classifier.0', 'matmul', 30, 0.3],
    ['program', 'softmax', 20, 0.2],
    ['engine', 'overhead', 10, 0.1],
  ])
  expect(costs[0].gflops).toBeCloseTo((2 * 2 * 32 * 32 * 32 * 75) / 40e6)
  expect(costs[2].gflops).toBeUndefined()
})
