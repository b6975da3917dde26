import type { Machine } from './machine.js'

/** What runs JavaScript: `Node 20.19.0`, or `Deno 2.9.6, as Node 26.3.0`. */
export function runtimeLine({ node, runtime }: Pick<Machine, 'node' | 'runtime'>): string {
  return runtime === undefined ? `Node ${node}` : `${runtime}, as Node ${node}`
}
