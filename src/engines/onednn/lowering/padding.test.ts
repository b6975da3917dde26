import { expect, it } from 'vitest'
import { hasOneDnn } from '../../../../tests/support/engines.js'
import { OneDnn } from '../native/onednn.js'
import { NativeExecutable } from '../native-executable.js'
import { PlanBuilder } from '../plan.js'
import { pad } from './padding.js'

it.skipIf(!hasOneDnn)('pictures get a border of zeros', () => {
  const dnn = OneDnn.load()
  const plan = new PlanBuilder(dnn)
  const label = { layer: 'test', operator: 'pad' }
  const input = plan.value([1, 2, 2, 3], 'float32', undefined, 'input')
  const output = plan.value([1, 2, 6, 7], 'float32', undefined, 'output')
  plan.copy(label, pad(label, input, 2, plan), output)
  const executable = new NativeExecutable(
    dnn,
    {
      plan: plan.plan(),
      inputs: new Map([['x', input]]),
      outputs: new Map([['y', output]]),
      state: new Map(),
      dispose: () => plan.dispose(),
    },
    { threads: 1, profile: false },
  )
  new Float32Array(executable.inputs.x).set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  executable.run()
  const row = (...middle: number[]) => [0, 0, ...middle, 0, 0]
  const none = row(0, 0, 0)
  expect(Array.from(new Float32Array(executable.outputs.y))).toEqual([
    ...[none, none, row(1, 2, 3), row(4, 5, 6), none, none].flat(),
    ...[none, none, row(7, 8, 9), row(10, 11, 12), none, none].flat(),
  ])
  executable.dispose()
})
