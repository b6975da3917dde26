import { layers } from './layers.js'

/** @import { IForbiddenRuleType } from 'dependency-cruiser' */

/** What runs in Node alone. Everything else has to run in a browser too, which has no module of Node. */
const nodeOnly = ['^src/node\\.ts$', '^src/(cli|server)/', '^src/engines/(onednn|thread)/', '/node/']

/** What a browser starts with: the public entries for it, and the scripts of its workers. */
const browserStarts = '^src/(index|web)\\.ts$|^src/.+/web/[^/]+-worker\\.ts$'

/** @param {readonly string[]} folders */
const anyOf = (folders) => `^src/(${folders.join('|')})/`

/** @type {IForbiddenRuleType[]} */
const upward = layers.slice(1).map((layer, above) => ({
  name: `${layer}-imports-only-below`,
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: anyOf(layers.slice(0, above + 1)) },
}))

/**
 * What an import of `src` must not do. An import of a type alone counts like any other.
 *
 * @type {IForbiddenRuleType[]}
 */
export const rules = [
  ...upward,
  // A new folder gets its place in the list of layers first.
  {
    name: 'every-folder-is-a-layer',
    severity: 'error',
    from: { path: '^src/[^/]+/', pathNot: anyOf(layers) },
    to: {},
  },
  {
    name: 'single-files-are-the-ground',
    severity: 'error',
    from: { path: '^src/[^/]+\\.ts$', pathNot: '^src/(index|node|web)\\.ts$' },
    to: { path: '^src/[^/]+/' },
  },
  {
    name: 'entries-are-for-others',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^src/(index|node|web)\\.ts$' },
  },
  { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'node-only-where-node-runs',
    severity: 'error',
    from: { path: '^src/', pathNot: nodeOnly },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'browser-never-reaches-node',
    severity: 'error',
    from: { path: browserStarts },
    to: { path: nodeOnly, reachable: true },
  },
  { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
]
