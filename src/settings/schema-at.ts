import * as z from 'zod'

type Path = readonly PropertyKey[]

/** The schema beneath `optional`, `default` and the like. */
export function bare(schema: unknown): unknown {
  let inner = schema
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodReadonly
  )
    inner = inner.unwrap()
  return inner
}

/**
 * The objects that a schema describes: itself, or the kinds of a union. Where the data says of which kind it is, that
 * kind alone.
 */
export function objectsIn(schema: unknown, data?: unknown): z.ZodObject[] {
  const inner = bare(schema)
  if (inner instanceof z.ZodObject) return [inner]
  if (!(inner instanceof z.ZodUnion)) return []
  const kinds = inner.options.flatMap((option) => objectsIn(option, data))
  const kind = discriminatorOf(inner)
  const value = kind === undefined ? undefined : at(data, kind)
  const meant = value === undefined ? [] : kinds.filter(({ shape }) => z.safeParse(shape[kind!], value).success)
  return meant.length > 0 ? meant : kinds
}

/** The words of which a schema takes one. */
export function wordsOf(schema: unknown): string[] {
  const inner = bare(schema)
  if (inner instanceof z.ZodEnum) return inner.options.map(String)
  return inner instanceof z.ZodLiteral ? [...inner.values].map(String) : []
}

/** The key by which the kinds of a union are told apart: `kind`. */
export function discriminatorOf(schema: unknown): string | undefined {
  const inner = bare(schema)
  return inner instanceof z.ZodDiscriminatedUnion ? inner.def.discriminator : undefined
}

/** A union whose members are of different form: a word or a record, say. */
function isChoice(schema: unknown): schema is z.ZodUnion {
  return schema instanceof z.ZodUnion && discriminatorOf(schema) === undefined
}

/** Whether a schema is of a record, or leaves the choice of one. */
export function takesNames(schema: unknown): boolean {
  const inner = bare(schema)
  return inner instanceof z.ZodRecord || (isChoice(inner) && inner.options.some(takesNames))
}

/** The schemas of what stands at a path; more than one where a union's kinds have it, none where it does not exist. */
export function schemasAt(schema: unknown, path: Path, data?: unknown): unknown[] {
  if (path.length === 0) return [schema]
  const [key, ...rest] = path
  return children(schema, key, data).flatMap((child) => schemasAt(child, rest, at(data, key)))
}

function children(schema: unknown, key: PropertyKey, data: unknown): unknown[] {
  const inner = bare(schema)
  if (inner instanceof z.ZodRecord) return [inner.valueType]
  if (inner instanceof z.ZodArray) return isIndex(key) ? [inner.element] : []
  if (inner instanceof z.ZodTuple) return isIndex(key) ? inner.def.items.slice(Number(key), Number(key) + 1) : []
  if (isChoice(inner)) return inner.options.flatMap((option) => children(option, key, data))
  return objectsIn(inner, data).flatMap(({ shape }) => (Object.hasOwn(shape, key) ? [shape[String(key)]] : []))
}

/** The keys that can stand at a path. */
export function keysAt(schema: unknown, path: Path, data?: unknown): string[] {
  const objects = schemasAt(schema, path, data).flatMap((found) => objectsIn(found, valueAt(data, path)))
  return [...new Set(objects.flatMap(({ shape }) => Object.keys(shape)))]
}

/** Where keys can stand, but for those within lists and records. */
export function pathsIn(schema: unknown, path: readonly string[] = []): (readonly string[])[] {
  return keysAt(schema, path).flatMap((key) => [[...path, key], ...pathsIn(schema, [...path, key])])
}

/** What data holds at a path. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce(at, data)
}

function at(data: unknown, key: PropertyKey): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, key)
    ? (data as Readonly<Record<PropertyKey, unknown>>)[key]
    : undefined
}

function isIndex(key: PropertyKey): boolean {
  return /^\d+$/.test(String(key))
}
