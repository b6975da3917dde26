import { GraphBuilder } from '../graph/builder.js'
import { relu } from '../graph/ops/activation.js'
import type { Engine, Precision } from './engine.js'

/**
 * Asks an engine for a precision before anything depends on the answer.
 * @throws AlexNetError `invalid-setting` when the engine does not have it here.
 */
export async function checkPrecision(engine: Engine, precision: Precision = 'float32'): Promise<void> {
  if (precision === 'float32') return // All have it.
  const graph = new GraphBuilder('precision')
  const program = graph.program({ outputs: { y: graph.add(relu, [graph.input('x', [1])], {}) } })
  await (await engine.compile(program, { precision })).dispose()
}
