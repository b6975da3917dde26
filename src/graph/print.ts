import { formatShape } from '../tensor.js'
import type { Node } from './node.js'
import type { Program } from './program.js'

/**
 * A program as text, one value a line, grouped by layer:
 *
 *     # features.0
 *     %3 = conv2d(%0, %1, %2) stride=4 padding=2    128×64×55×55
 *
 * The update of a program that learns follows on the gradients, as a program of its own.
 */
export function printProgram(program: Program): string {
  const lines = [`program ${program.name}`]
  let scope: string | undefined
  for (const node of program.nodes) {
    if (node.scope !== scope) {
      scope = node.scope
      lines.push('', `# ${scope || 'program'}`)
    }
    lines.push(`${expression(node).padEnd(72)}  ${formatType(node)}`)
  }
  lines.push('', '# results')
  for (const [name, node] of Object.entries(program.outputs)) lines.push(`output ${name} = %${node.id}`)
  for (const [name, { next }] of Object.entries(program.state)) if (next) lines.push(`next ${name} = %${next.id}`)
  for (const [name, node] of Object.entries(program.gradients ?? {})) lines.push(`gradient ${name} = %${node.id}`)
  if (program.update) lines.push('', printProgram(program.update))
  return lines.join('\n')
}

function expression(node: Node): string {
  const { name, value, ...attributes } = node.attributes
  if (node.op === 'input' || node.op === 'state') return `%${node.id} = ${node.op} ${name}`
  if (node.op === 'constant') return `%${node.id} = ${value}`
  const inputs = node.inputs.map((input) => `%${input.id}`).join(', ')
  const settings = Object.entries(attributes).map(([key, v]) => ` ${key}=${Array.isArray(v) ? `[${v}]` : v}`)
  return `%${node.id} = ${node.op}(${inputs})${settings.join('')}`
}

function formatType(node: Node): string {
  return node.dtype === 'float32' ? formatShape(node.shape) : `${node.dtype} ${formatShape(node.shape)}`
}
