import type { GraphBuilder } from '../graph/builder.js'
import type { Node } from '../graph/node.js'
import { linearCombination } from '../graph/ops/linear-combination.js'
import { product } from '../graph/ops/product.js'
import type { Parameter } from '../models/layers/layer.js'

/** The name in the state of the sum of a parameter's gradients since the last update: `accumulated:features.0.weight`. */
export const accumulatedName = (parameter: string): string => `accumulated:${parameter}`

/** A batch's place among those that make one update together. */
export interface UpdateTurn {
  /** The number of the update since the run began, from 0. */
  readonly update: number
  /** Of how many batches the update takes the mean. */
  readonly batches: number
  /** The update happens with this batch. */
  readonly isLast: boolean
}

/** Where in a run a batch lies. */
export interface BatchPlace {
  readonly epoch: number
  readonly batch: number
  readonly batchesPerEpoch: number
}

/** How many updates an epoch has: what is left at its end makes one, too. */
export function updatesPerEpoch(batchesPerEpoch: number, accumulate = 1): number {
  return Math.ceil(batchesPerEpoch / accumulate)
}

/**
 * The turn of a batch where every `accumulate` batches make an update. The last update of an epoch takes the mean of the
 * batches that are left, as timm does: so no gradient crosses an epoch's end, and each update is a whole mean.
 */
export function turnOf({ epoch, batch, batchesPerEpoch }: BatchPlace, accumulate: number): UpdateTurn {
  const ofEpoch = Math.floor(batch / accumulate)
  const batches = Math.min(accumulate, batchesPerEpoch - ofEpoch * accumulate)
  return {
    update: epoch * updatesPerEpoch(batchesPerEpoch, accumulate) + ofEpoch,
    batches,
    isLast: batch - ofEpoch * accumulate === batches - 1,
  }
}

/** Lets the gradients of several batches make one update. */
export interface Accumulation {
  /** The mean of a parameter's gradients as far as there are any of its update, this batch's included; the next sum. */
  add(parameter: Parameter, gradient: Node): { readonly mean: Node; readonly sum: Node }
  /** The next value of a state: what the update makes of it with the last batch, else what it is. */
  settled(current: Node, updated: Node): Node
}

/**
 * The sum s of the gradients so far is kept beside the parameters; g is this batch's gradient, n how many there are to be,
 * l 1 for the last of them and else 0:
 *
 *     m ← s + g/n        w ← l·w′(m) + (1 − l)·w        s ← (1 − l)·(s + g/n)
 *
 * where w′ is what the update makes of w, and of whatever else it keeps. So engines need no operator for it, and with l = 1
 * it is exactly the update of one batch. Each next value is a sum that its present one is a term of: an engine can make it
 * in place. It adds the inputs `share` (1/n) and `last` (l) to the graph.
 */
export function accumulation(graph: GraphBuilder): Accumulation {
  const [one, share, last] = [graph.constant(1), graph.input('share', []), graph.input('last', [])]
  const before = graph.add(linearCombination, [one, one, graph.constant(-1), last], {})
  const shareBefore = graph.add(product, [before, share], {})
  return {
    add({ name, shape }, gradient) {
      const sum = graph.state(accumulatedName(name), shape)
      return {
        mean: graph.add(linearCombination, [one, sum, share, gradient], {}),
        sum: graph.add(linearCombination, [before, sum, shareBefore, gradient], {}),
      }
    },
    settled: (current, updated) => graph.add(linearCombination, [before, current, last, updated], {}),
  }
}
