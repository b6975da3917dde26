import type { NodeOf } from '../../../graph/ops/index.js'
import type { LoweringContext } from './context.js'

/** Sums over axes. The gradient of a convolution's bias does not come here: it falls off the weights' gradient. */
export function sumOver(node: NodeOf<'sumOver'>, context: LoweringContext): void {
  const { plan } = context
  const { axes } = node.attributes
  const label = context.label(node)
  const x = context.plain(node.inputs[0])
  const output = context.defineNew(node)
  if (x.dims.length === 2 && String(axes) === '0') {
    // The sum of the rows is a product with a row of ones, which is many times faster than oneDNN's reduction.
    const [rows, columns] = x.dims
    const ones = plan.constant([1, rows], new Float32Array(rows).fill(1))
    const row = plan.view(output, [1, columns])
    const left = x.type === 'float32' ? ones : plan.reorder(label, ones, plan.plainDesc([1, rows], x.type), x.type)
    const product = plan.primitive(label, { kind: 'matmul', src: left.desc, weights: x.desc, dst: row.desc })
    plan.call(label, product, [
      ['src', left],
      ['weights', x],
      ['dst', row],
    ])
    return
  }
  const kept = x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const result = plan.view(output, kept)
  const reduction = plan.primitive(label, { kind: 'sumReduction', src: x.desc, dst: result.desc })
  plan.call(label, reduction, [
    ['src', x],
    ['dst', result],
  ])
}
