import { joinUpdate } from '../../graph/join.js'
import type { Node } from '../../graph/node.js'
import { entryFor } from '../../graph/ops/index.js'
import type { Program } from '../../graph/program.js'
import { simplify } from '../../graph/simplify.js'
import type { DType } from '../../tensor.js'
import { checkOperators } from '../check.js'
import type { KernelChoices, Precision } from '../engine.js'
import type { GradientTreatment } from '../gradient-treatment.js'
import { planPasses } from '../planning/passes.js'
import { LoweringContext } from './lowering/context.js'
import { lowerings } from './lowering/index.js'
import { fitsPass, lowerPass } from './lowering/pass.js'
import type { OneDnn } from './native/onednn.js'
import { type Plan, PlanBuilder, type Value } from './plan.js'
import { KernelChooser } from './tuning/kernel-chooser.js'
import { type Tuner, untuned } from './tuning/tuner.js'
import type { TuningMode } from './tuning/tuning-mode.js'

/** A program as a plan of steps, and where its inputs, outputs and state are. */
export interface LoweredProgram {
  readonly plan: Plan
  readonly inputs: ReadonlyMap<string, Value>
  readonly outputs: ReadonlyMap<string, Value>
  readonly state: ReadonlyMap<string, Value>
  /** Which kernels were chosen. */
  readonly choices?: KernelChoices
  /** Frees what the plan is made of, once nobody runs it any more. */
  dispose(): void
}

/**
 * Chooses primitives, layouts and types for a program, its update included.
 *
 * @param treatGradients What is to be done to all gradients at the seam, where they lie.
 * @param tuning How kernels are chosen; default: as the library does.
 */
export function lowerProgram(
  dnn: OneDnn,
  original: Program,
  precision: Precision,
  treatGradients?: GradientTreatment,
  { tuner, mode }: { readonly tuner: Tuner; readonly mode: TuningMode } = { tuner: untuned(), mode: 'off' },
): LoweredProgram {
  checkOperators('onednn', original, lowerings)
  const { program, gradients, update } = joinUpdate(simplify(original))
  const plan = new PlanBuilder(dnn)
  const kernels = new KernelChooser(dnn, tuner, mode !== 'direct')
  const context = new LoweringContext(program, plan, precision, kernels)
  try {
    const inputs = new Map(
      Object.entries(program.inputs).map(([name, node]) => {
        const value = plan.value(node.shape, nativeInput(node.dtype), undefined, 'input')
        context.define(node, value)
        return [name, value]
      }),
    )
    for (const node of program.nodes) if (!update.has(node)) lowerNode(node, context)
    if (treatGradients) treat(gradients, treatGradients, context)
    lowerUpdate(update, context)
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
    return { plan: plan.plan(), inputs, outputs, state, choices: tuner.choices, dispose: () => plan.dispose() }
  } catch (error) {
    plan.dispose()
    throw error
  } finally {
    kernels.dispose()
  }
}

function lowerNode(node: Node, context: LoweringContext): void {
  if (node.op === 'constant')
    context.define(node, context.plan.constant([1], Float32Array.of(Number(node.attributes.value))))
  // Some are done already: the activation after a convolution, the gradient of its bias.
  else if (!context.isDefined(node)) entryFor(lowerings, node)?.(node, context)
  context.finish(node)
}

/** The gradients as they lie in memory, to be changed there. */
function treat(
  gradients: Readonly<Record<string, Node>>,
  treatGradients: GradientTreatment,
  context: LoweringContext,
): void {
  const { plan } = context
  const names = Object.keys(gradients)
  const values = names.map((name) => {
    const value = context.home(gradients[name])
    return plan.flat(value, 0, plan.flatSize(value))
  })
  plan.host({ layer: 'update', operator: 'treatment' }, values, values, (arrays) =>
    treatGradients(Object.fromEntries(names.map((name, i) => [name, arrays[i] as Float32Array]))),
  )
}

/** The update: what hangs together goes through memory together. */
function lowerUpdate(update: ReadonlySet<Node>, context: LoweringContext): void {
  const isSource = ({ inputs }: Node) => inputs.length === 0
  for (const node of update) if (isSource(node)) lowerNode(node, context)
  const computed = [...update].filter((node) => !isSource(node))
  for (const stage of planPasses(computed, context.liveness)) {
    if (stage.kind === 'single') lowerNode(stage.node, context)
    else if (stage.nodes.every(fitsPass)) {
      lowerPass(stage.nodes, stage.temporaries, context)
      context.finish(stage.nodes[stage.nodes.length - 1])
    } else for (const node of stage.nodes) lowerNode(node, context)
  }
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
