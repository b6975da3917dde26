import type { Node } from '../../graph/node.js'
import type { Values } from '../../graph/operator.js'
import { operatorOf } from '../../graph/ops/index.js'
import { gradientInput, type Program } from '../../graph/program.js'
import { resultsOf, usersOf } from '../../graph/users.js'
import { sizeOf, type Tensors } from '../../tensor.js'
import { planPasses, type Stage } from '../planning/passes.js'
import { kernelOf } from './host-kernels.js'

/** Values that are worked on at a time: with the few arrays of an update they stay in the processor's cache. */
const CHUNK = 16384

/**
 * The update of a training step, done here instead of in the library's graph.
 *
 * ONNX Runtime copies each output of a processor's graph into new memory. With the update in the graph, that is all
 * parameters and velocities at every step: 488 MB for AlexNet, more than half a second. With the update here only the
 * gradients come out, half as much, and the update is one pass over memory, in place.
 */
export class HostUpdate {
  private readonly stages: readonly Stage[]
  private readonly nextStates: readonly { readonly name: string; readonly current: Node; readonly next: Node }[]
  /** A piece's worth of memory for each of the temporaries that a pass has at most. */
  private readonly scratch: Float32Array[] = []

  constructor(private readonly program: Program) {
    const computed = program.nodes.filter(({ inputs }) => inputs.length > 0)
    this.stages = planPasses(computed, { users: usersOf(program), results: resultsOf(program) })
    this.nextStates = Object.entries(program.state).flatMap(([name, { current, next }]) =>
      next ? [{ name, current, next }] : [],
    )
  }

  /**
   * Computes each state's next value, in place where nobody needs the old one.
   * @param state The arrays of the state; the entries are overwritten or replaced.
   * @param inputs The step's inputs, such as the rate.
   * @param gradients By their parameters' names; they may be overwritten.
   */
  apply(state: Map<string, Float32Array>, inputs: Tensors, gradients: Readonly<Record<string, Float32Array>>): void {
    const given = new Map(Object.entries(gradients).map(([name, values]) => [gradientInput(name), values]))
    const arrays = new Map<Node, Float32Array>()
    const scalars = new Map<Node, Values>()
    for (const node of this.program.nodes) {
      const { name, value } = node.attributes
      if (node.op === 'constant') scalars.set(node, Float64Array.of(Number(value)))
      else if (node.op === 'state') arrays.set(node, state.get(String(name))!)
      else if (node.op === 'input') {
        const gradient = given.get(String(name))
        if (gradient) arrays.set(node, gradient)
        else scalars.set(node, Float64Array.from(inputs[String(name)].data))
      }
    }
    for (const [i, stage] of this.stages.entries()) {
      if (stage.kind === 'pass') this.pass(stage, i, arrays, scalars)
      else {
        const { node } = stage
        const values = evaluateSingle(node, arrays, scalars)
        if (node.shape.length === 0) scalars.set(node, values)
        else arrays.set(node, Float32Array.from(values))
      }
    }
    this.advance(state, (node) => arrays.get(node) ?? Float32Array.from(scalars.get(node)!))
  }

  /** All nodes of a pass, chunk by chunk. */
  private pass(
    { nodes, temporaries }: Extract<Stage, { kind: 'pass' }>,
    stage: number,
    arrays: Map<Node, Float32Array>,
    scalars: ReadonlyMap<Node, Values>,
  ): void {
    const size = sizeOf(nodes[0].shape)
    let used = 0
    for (const node of nodes) {
      if (temporaries.has(node)) {
        this.scratch[used] ??= new Float32Array(CHUNK)
        arrays.set(node, this.scratch[used++])
      } else arrays.set(node, this.targetOf(node, stage, arrays))
    }
    for (let from = 0; from < size; from += CHUNK) {
      const count = Math.min(CHUNK, size - from)
      const piece = (node: Node): Float32Array => {
        const start = temporaries.has(node) ? 0 : from
        return arrays.get(node)!.subarray(start, start + count)
      }
      for (const node of nodes)
        kernelOf(node)(
          node.inputs.map((input) => scalars.get(input)?.[0] ?? piece(input)),
          piece(node),
          node,
        )
    }
  }

  /**
   * Where a node's values go: over the state whose next value they are, or over a gradient that nobody reads later. Each
   * element is read before it is written, so what the same pass reads earlier does not count.
   */
  private targetOf(node: Node, stage: number, arrays: ReadonlyMap<Node, Float32Array>): Float32Array {
    const state = this.nextStates.find(({ next }) => next === node)
    const candidates = state
      ? [state.current]
      : node.inputs.filter(({ op, shape }) => op === 'input' && shape.length > 0)
    const free = candidates.find((candidate) => !this.isReadAfter(candidate, node, stage))
    return free ? arrays.get(free)! : new Float32Array(sizeOf(node.shape))
  }

  private isReadAfter(candidate: Node, node: Node, stage: number): boolean {
    const current = this.stages[stage]
    const own = current.kind === 'pass' ? current.nodes.slice(current.nodes.indexOf(node) + 1) : []
    const later = this.stages.slice(stage + 1).flatMap((each) => (each.kind === 'pass' ? each.nodes : [each.node]))
    return (
      [...own, ...later].some(({ inputs }) => inputs.includes(candidate)) ||
      this.nextStates.some(({ next }) => next === candidate)
    )
  }

  /** All are looked up before any is set. No two states may share memory: each is overwritten on its own. */
  private advance(state: Map<string, Float32Array>, arrayOf: (node: Node) => Float32Array): void {
    const taken = new Set<Float32Array>()
    const advanced = this.nextStates.map(({ name, next }) => {
      const array = arrayOf(next)
      const own = next.inputs.length === 0 || taken.has(array) ? array.slice() : array
      taken.add(own)
      return [name, own] as const
    })
    for (const [name, array] of advanced) state.set(name, array)
  }
}

/** The operator's own loops, on scalars and on whole arrays. */
function evaluateSingle(
  node: Node,
  arrays: ReadonlyMap<Node, Float32Array>,
  scalars: ReadonlyMap<Node, Values>,
): Float64Array {
  const output = new Float64Array(sizeOf(node.shape))
  const inputs = node.inputs.map((input) => scalars.get(input) ?? arrays.get(input)!)
  operatorOf(node)!.evaluate(node, inputs, output)
  return output
}
