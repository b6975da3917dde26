import { AlexNetError } from '../../../errors.js'
import type { Node } from '../../../graph/node.js'

/**
 * What depends on the number of the step alone (`step-values.ts`) comes into a graph from outside: ONNX has no random
 * numbers that are functions of a key, and a single float32 power loses digits.
 */
export function stepValue({ op }: Node): never {
  throw new AlexNetError('invalid-program', `onnx: ${op} reads what is computed in the graph, expected an input`)
}
