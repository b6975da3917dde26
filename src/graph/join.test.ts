import { describe, expect, it } from 'vitest'
import { inputsOf } from '../../tests/support/program-inputs.js'
import { interpret } from '../engines/reference/interpret.js'
import { createModel } from '../models/catalogue.js'
import { trainingProgram } from '../programs/training-program.js'
import { random } from '../random.js'
import { sizeOf } from '../tensor.js'
import { GraphBuilder } from './builder.js'
import { joinUpdate } from './join.js'
import { linearCombination } from './ops/linear-combination.js'
import { allState } from './program.js'

const model = createModel('alexnet-cifar', { inputShape: [3, 16, 16], classes: 5 }, { width: 1 / 16, norm: 'batch' })
const program = trainingProgram(model, { batchSize: 2, optimizer: { kind: 'adamw', clipNorm: 1 } })

describe('joinUpdate', () => {
  it('makes one graph of a program and its update, which computes the same', () => {
    const state = Object.fromEntries(
      Object.entries(allState(program)).map(([name, { current }]) => {
        const stream = random(1, 'test', name)
        return [name, Float64Array.from({ length: sizeOf(current.shape) }, () => stream.between(0.1, 1))]
      }),
    )
    const inputs = inputsOf(program, 3, { classes: 5 })
    const [apart, joined] = [program, joinUpdate(program).program].map((each) => interpret(each, inputs, state))
    expect(joined.outputs).toEqual(apart.outputs)
    expect(joined.next).toEqual(apart.next)
  })

  it('has one node for each input and state, and tells what stands behind the seam', () => {
    const { program: joined, update, gradients } = joinUpdate(program)
    const sources = joined.nodes
      .filter(({ op }) => op === 'input' || op === 'state')
      .map((node) => node.attributes.name)
    expect(new Set(sources).size).toBe(sources.length)
    expect(Object.keys(joined.state).sort()).toEqual(Object.keys(allState(program)).sort())
    expect(new Set(joined.nodes.map(({ id }) => id)).size).toBe(joined.nodes.length)
    expect([...update].every((node) => joined.nodes.includes(node))).toBe(true)
    for (const gradient of Object.values(gradients)) expect(update.has(gradient)).toBe(false)
  })

  it('leaves a program without an update as it is', () => {
    const { update: _, gradients: __, ...plain } = program
    expect(joinUpdate(plain)).toEqual({ program: plain, gradients: {}, update: new Set() })
  })
})

describe('a program with an update that does not fit', () => {
  const update = (shape: readonly number[], outputs = false) => {
    const graph = new GraphBuilder('update')
    const w = graph.state('w', shape)
    const next = graph.add(
      linearCombination,
      [graph.constant(1), w, graph.constant(-1), graph.input('gradient:w', shape)],
      {},
    )
    return graph.program({ outputs: outputs ? { next } : {}, next: { w: next } })
  }
  const build = (of: ReturnType<typeof update>, name = 'w') => {
    const graph = new GraphBuilder('step')
    return graph.program({ outputs: {}, gradients: { [name]: graph.state('w', [2]) }, update: of })
  }

  it.each([
    [
      'a gradient that it does not read',
      () => build(update([2]), 'v'),
      "step: its update leaves out the gradient of 'v'",
    ],
    ['another shape', () => build(update([3])), "step: the gradient of 'w' is 2, its update expects 3"],
    ['outputs', () => build(update([2], true)), 'step: its update has outputs, expected state alone'],
  ])('%s is refused', (_, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-program', message }))
  })
})
