import { type Plugin, parseAst } from 'vite'

/**
 * Leaves what settings say of themselves (`.describe('…')`) out of the page: it is for the schema that editors read, and
 * the page never shows it.
 */
export function withoutDescriptions(): Plugin {
  return {
    name: 'without-descriptions',
    transform(code, file) {
      if (!/\/src\/.*\.ts$/.test(file) || !code.includes('.describe(')) return undefined
      return { code: strip(code), map: null }
    },
  }
}

/** JavaScript without its calls of `describe` on plain text. */
export function strip(code: string): string {
  const calls = describeCalls(parseAst(code))
  // From the end, so that the places before stay what they are.
  return calls
    .sort((a, b) => b.end - a.end)
    .reduce((left, { start, end }) => left.slice(0, start) + left.slice(end), code)
}

interface Place {
  readonly start: number
  readonly end: number
}

interface SyntaxNode extends Place {
  readonly type: string
  readonly [key: string]: unknown
}

/** The places of `.describe('…')` in a syntax tree, with the dot. */
function describeCalls(node: unknown): Place[] {
  if (Array.isArray(node)) return node.flatMap(describeCalls)
  if (!isNode(node)) return []
  const within = Object.values(node).flatMap(describeCalls)
  const { callee, arguments: given } = node
  if (node.type !== 'CallExpression' || !isNode(callee) || !Array.isArray(given)) return within
  const { object, property } = callee
  const isDescribe = isNode(object) && isNode(property) && property.name === 'describe'
  if (!isDescribe || given.length !== 1 || !isText(given[0])) return within
  return [...within, { start: object.end, end: node.end }]
}

function isText(node: unknown): boolean {
  if (!isNode(node)) return false
  if (node.type === 'BinaryExpression') return isText(node.left) && isText(node.right)
  if (node.type === 'TemplateLiteral') return Array.isArray(node.expressions) && node.expressions.length === 0
  return node.type === 'Literal' && typeof node.value === 'string'
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}
