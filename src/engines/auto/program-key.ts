import type { Program } from '../../graph/program.js'
import type { CompileOptions } from '../engine.js'

/** Names all of a program that its speed depends on: two that differ in a seed or a rate have the same. */
export function programKey(
  program: Program,
  { threads, precision = 'float32' }: { readonly threads: number } & Pick<CompileOptions, 'precision'>,
): string {
  const nodes = [program, ...(program.update ? [program.update] : [])].flatMap((each) => each.nodes)
  const work = nodes.map(({ op, shape }) => `${op} ${shape.join('×')}`).join(';')
  return `${program.name}, ${precision}, ${threads} threads, ${hash(work)}`
}

/** FNV-1a, twice with different beginnings: 64 bits that tell programs of one name apart. */
function hash(text: string): string {
  return [0x811c9dc5, 0x01000193].map((seed) => fnv1a(text, seed).toString(16).padStart(8, '0')).join('')
}

function fnv1a(text: string, seed: number): number {
  let value = seed
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
