import { describe, expect, it } from 'vitest'
import type { Program } from '../../graph/program.js'
import { resultsOf, usersOf } from '../../graph/users.js'
import { createModel } from '../../models/catalogue.js'
import { layersOf, parametersOf } from '../../models/model.js'
import type { OptimizerSettings } from '../../optimizers/index.js'
import { resolveOptimizer } from '../../optimizers/index.js'
import { type UpdateProgramOptions, updateProgram } from '../../programs/update-program.js'
import { canCompile } from '../update/compile-pass.js'
import { planPasses, type Stage } from './passes.js'

const model = createModel('80sec', {}, { width: 0.25 })
const parameters = parametersOf(model)

function stagesOf(settings: OptimizerSettings, options: UpdateProgramOptions = {}): Stage[] {
  const program = updateProgram('test', parameters, resolveOptimizer(settings), options)
  return planned(program)
}

function planned(program: Program): Stage[] {
  const nodes = program.nodes.filter(({ inputs }) => inputs.length > 0)
  return planPasses(nodes, { users: usersOf(program), results: resultsOf(program) })
}

const passesOf = (stages: readonly Stage[]) => stages.filter((stage) => stage.kind === 'pass')

describe('passes over memory', () => {
  it('take the velocity and the weights of a parameter together, and keep both', () => {
    const passes = passesOf(stagesOf({ kind: 'sgd' }))
    expect(passes).toHaveLength(parameters.length)
    for (const { nodes, temporaries } of passes) {
      expect(nodes.map(({ op }) => op)).toEqual(['linearCombination', 'linearCombination'])
      expect(temporaries.size).toBe(0)
    }
  })

  it('need no memory of their own for what Adam computes on the way', () => {
    const passes = passesOf(stagesOf({ kind: 'adamw', average: 0.99 }))
    expect(passes).toHaveLength(parameters.length)
    for (const { nodes, temporaries } of passes) {
      expect(nodes).toHaveLength(6)
      expect([...temporaries].map(({ op }) => op)).toEqual(['product', 'adamDirection'])
    }
  })

  it.each([
    // The mean, the next sum; what the update makes of each state, and whether it is taken over.
    [{ kind: 'sgd' }, { nodes: 6, kept: 3 }],
    [
      { kind: 'adamw', average: 0.99 },
      { nodes: 12, kept: 5 },
    ],
  ] as const)('take gradients that accumulate along, %j', (settings, { nodes: count, kept }) => {
    const passes = passesOf(stagesOf(settings, { accumulates: true }))
    expect(passes).toHaveLength(parameters.length)
    for (const pass of passes) {
      expect(pass.nodes).toHaveLength(count)
      expect(pass.nodes.length - pass.temporaries.size).toBe(kept)
      expect(canCompile(pass)).toBe(true)
    }
  })

  it('come after the norm of all gradients where these are clipped', () => {
    const stages = stagesOf({ kind: 'sgd', clipNorm: 1 })
    const factor = stages.findIndex((stage) => stage.kind === 'single' && stage.node.op === 'clipFactor')
    expect(factor).toBeGreaterThan(0)
    expect(stages.findIndex(({ kind }) => kind === 'pass')).toBeGreaterThan(factor)
  })

  it('are computed after all that they read', () => {
    const done = new Set<unknown>()
    for (const stage of stagesOf({ kind: 'adamw', clipNorm: 1 }))
      for (const node of stage.kind === 'pass' ? stage.nodes : [stage.node]) {
        for (const input of node.inputs) if (input.inputs.length > 0) expect(done.has(input)).toBe(true)
        done.add(node)
      }
  })

  it('leave alone what has nothing to do with it: another parameter of the same shape', () => {
    const shape = [4]
    const two = ['a', 'b'].map((name) => ({ ...layersOf(model)[0].parameters[0], name, shape }))
    const program = updateProgram('two', two, resolveOptimizer({}))
    expect(passesOf(planned(program)).map(({ nodes }) => nodes.length)).toEqual([2, 2])
  })
})
