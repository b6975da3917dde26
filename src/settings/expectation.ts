import * as z from 'zod'

/** The part of JSON schema that settings are described by. */
interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly prefixItems?: readonly JsonSchema[]
  readonly minItems?: number
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
}

/**
 * What a schema accepts, in words.
 * @example expectation(z.number().min(0).lt(1)) // 'a number of at least 0 and below 1'
 * @example expectation(z.enum(['relu', 'tanh'])) // 'relu or tanh'
 */
export function expectation(...schemas: readonly z.ZodType[]): string {
  const accepted = schemas.flatMap((schema) =>
    alternatives(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema),
  )
  const words = [...new Set(accepted)]
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? 'something else')
}

function alternatives(schema: JsonSchema): string[] {
  const { type, anyOf, oneOf, prefixItems, minItems } = schema
  if (schema.const !== undefined) return [String(schema.const)]
  if (schema.enum) return schema.enum.map(String)
  if (anyOf ?? oneOf) return (anyOf ?? oneOf ?? []).flatMap(alternatives)
  if (typeof type === 'object') return type.flatMap((one) => alternatives({ ...schema, type: one }))
  switch (type) {
    case 'boolean':
      return ['true', 'false']
    case 'integer':
    case 'number':
      return [[type === 'integer' ? 'a whole number' : 'a number', range(schema)].join(' ').trim()]
    case 'array':
      return [`a list${prefixItems ? ` of ${prefixItems.length}` : minItems ? ` of at least ${minItems}` : ''}`]
    case 'object':
      return ['keys with values']
    case 'string':
      return ['text']
    default:
      return [type === 'null' ? 'nothing' : 'something else']
  }
}

/** `of at least 0 and below 1`; bounds that only say what a whole number is are none. */
function range({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string {
  const above = exclusiveMinimum ?? Number.NEGATIVE_INFINITY
  const least = type === 'integer' ? Math.max(above + 1, minimum ?? above) : (minimum ?? Number.NEGATIVE_INFINITY)
  const low = least > Number.MIN_SAFE_INTEGER ? `of at least ${least}` : Number.isFinite(above) ? `above ${above}` : ''
  const high =
    exclusiveMaximum !== undefined
      ? `below ${exclusiveMaximum}`
      : maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
        ? `${low ? '' : 'of '}at most ${maximum}`
        : ''
  return [low, high].filter((part) => part !== '').join(' and ')
}
