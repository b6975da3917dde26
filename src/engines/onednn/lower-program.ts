import type { Node } from '../../graph/node.js'
import { entryFor } from '../../graph/ops/index.js'
import type { Program } from '../../graph/program.js'
import { simplify } from '../../graph/simplify.js'
import type { DType } from '../../tensor.js'
import type { Precision } from '../engine.js'
import { LoweringContext } from './lowering/context.js'
import { lowerings } from './lowering/index.js'
import { emitCombinations } from './lowering/linear-combination.js'
import type { OneDnn } from './native/onednn.js'
import { type Plan, PlanBuilder, type Value } from './plan.js'

/** A program as a plan of steps, and where its inputs, outputs and state are. */
export interface LoweredProgram {
  readonly plan: Plan
  readonly inputs: ReadonlyMap<string, Value>
  readonly outputs: ReadonlyMap<string, Value>
  readonly state: ReadonlyMap<string, Value>
  /** Frees what the plan is made of, once nobody runs it any more. */
  dispose(): void
}

/** Chooses primitives, layouts and types for a program. */
export function lowerProgram(dnn: OneDnn, original: Program, precision: Precision): LoweredProgram {
  const program = simplify(original)
  const plan = new PlanBuilder(dnn)
  const context = new LoweringContext(program, plan, precision)
  try {
    const inputs = new Map(
      Object.entries(program.inputs).map(([name, node]) => {
        const value = plan.value(node.shape, nativeInput(node.dtype), undefined, 'input')
        context.define(node, value)
        return [name, value]
      }),
    )
    for (const node of program.nodes) {
      if (node.op === 'constant')
        context.define(node, plan.constant([1], Float32Array.of(Number(node.attributes.value))))
      // Some are done already: the activation after a convolution, the gradient of its bias.
      else if (!context.isDefined(node)) {
        if (mustWait(node, context)) emitCombinations(context)
        entryFor(lowerings, node)?.(node, context)
      }
      context.finish(node)
    }
    emitCombinations(context)
    const outputs = new Map(
      Object.entries(program.outputs).map(([name, node]) => {
        const from = context.home(node)
        const to = plan.value(from.dims, 'float32', undefined, 'output')
        plan.copy(context.label(node), from, to)
        return [name, to]
      }),
    )
    advanceState(program, context)
    const state = new Map(Object.entries(program.state).map(([name, { current }]) => [name, context.home(current)]))
    return { plan: plan.plan(), inputs, outputs, state, dispose: () => plan.dispose() }
  } catch (error) {
    plan.dispose()
    throw error
  }
}

/**
 * Whether a node must wait for the combinations that are noted down. Combinations do not, nor do the rates that stand
 * between them, so that an update stays in one piece.
 */
function mustWait({ op, inputs }: Node, context: LoweringContext): boolean {
  if (op === 'linearCombination' || op === 'state') return false
  return op !== 'product' || inputs.some((input) => context.isNoted(input))
}

/** Takes over the next values that were not made in the state's own memory. */
function advanceState(program: Program, context: LoweringContext): void {
  const { plan } = context
  const label = { layer: 'update', operator: 'state' }
  const moves = Object.values(program.state).flatMap(({ current, next }) => {
    if (!next) return []
    const to = context.home(current)
    const from = context.home(next)
    return from.buffer === to.buffer ? [] : [{ from, to }]
  })
  // States may take over each other's old values: those are set aside before any is overwritten.
  const overwritten = new Set(Object.values(program.state).map(({ current }) => context.home(current).buffer))
  const safe = moves.map(({ from, to }) => ({
    from: overwritten.has(from.buffer) ? plan.reorder(label, from, from.desc, 'float32', 'step') : from,
    to,
  }))
  for (const { from, to } of safe) {
    plan.copy(label, from, to)
    for (const follower of context.followersOf(to)) plan.copy(label, to, follower)
  }
}

function nativeInput(dtype: DType): 'float32' | 'int32' | 'uint8' {
  return dtype === 'float64' ? 'float32' : dtype
}
