/**
 * The folders of `src` from the top down. Each may import itself and what stands below it, and nothing that stands above
 * it; what is a single file of `src` (`tensor.ts`, `errors.ts`, …) lies below them all.
 */
export const layers = [
  'cli',
  'server',
  'bench',
  'report',
  'exchange',
  'training',
  'inference',
  'runs',
  'programs',
  'optimizers',
  'engines',
  'models',
  'graph',
  'data',
  'formats',
  'settings',
]
