import type { Node } from '../../graph/node.js'
import { operatorOf } from '../../graph/ops/index.js'
import type { Program } from '../../graph/program.js'
import { givenInstead } from '../../graph/rewrite.js'
import { sizeOf, type Tensor, type Tensors } from '../../tensor.js'

/**
 * The values of a program that depend on nothing but the number of the step: dropout's masks, the bias corrections of
 * Adam. They are computed here, by the operators' own definitions, and given to the library's graph as inputs.
 */
export class StepValues {
  /** The program with an input in the place of each. */
  readonly program: Program
  private readonly values: readonly { readonly node: Node; readonly name: string; readonly tensor: Tensor }[]

  constructor(program: Program) {
    const nodes = program.nodes.filter(isStepValue)
    const names = new Map(nodes.map((node) => [node, `${node.op}:${node.id}`]))
    this.program = givenInstead(program, (node) => names.get(node))
    this.values = nodes.map((node) => ({
      node,
      name: names.get(node)!,
      tensor: tensorOf(node),
    }))
  }

  get isEmpty(): boolean {
    return this.values.length === 0
  }

  /** The inputs of one step, those computed here included: in the same memory every time. */
  with(inputs: Tensors): Tensors {
    for (const { node, tensor } of this.values) {
      const { data } = inputs[String(node.inputs[0].attributes.name)]
      if (tensor.data instanceof Uint8Array) operatorOf(node)!.evaluate(node, [data], tensor.data)
      else {
        const values = new Float64Array(tensor.data.length)
        operatorOf(node)!.evaluate(node, [data], values)
        tensor.data.set(values)
      }
    }
    return { ...inputs, ...Object.fromEntries(this.values.map(({ name, tensor }) => [name, tensor])) }
  }
}

function tensorOf({ shape, dtype }: Node): Tensor {
  const size = sizeOf(shape)
  return dtype === 'uint8'
    ? { dtype, shape, data: new Uint8Array(size) }
    : { dtype: 'float32', shape, data: new Float32Array(size) }
}

/** A whole number alone is what the node reads: the number of the step. */
function isStepValue({ inputs }: Node): boolean {
  const [step] = inputs
  return inputs.length === 1 && step.op === 'input' && step.dtype === 'int32' && step.shape.length === 0
}
