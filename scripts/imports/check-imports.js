import { cruise, format } from 'dependency-cruiser'
import { folderCircles } from './folder-circles.js'
import { rules } from './rules.js'

/** @import { ICruiseResult } from 'dependency-cruiser' */

/**
 * Checks the imports of `src` in a folder. Tests may import what they like.
 *
 * @param {string} root the folder that `src` lies in
 * @returns how many imports were looked at, the rules that are broken (each once), and what is wrong, for people
 */
export async function checkImports(root) {
  const { output } = await cruise(['src'], {
    baseDir: root,
    parser: 'swc', // TypeScript 7 has no interface for JavaScript
    exclude: { path: '\\.test\\.ts$' },
    doNotFollow: { path: ['node_modules', '^vendor/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    validate: true,
    ruleSet: { forbidden: rules },
  })
  const result = /** @type {ICruiseResult} */ (output)
  const imports = result.modules.flatMap(({ source, dependencies }) =>
    dependencies
      .filter(({ resolved }) => resolved.startsWith('src/'))
      .map(({ resolved }) => ({ from: source, to: resolved })),
  )
  const circles = folderCircles(imports)
  const broken = new Set(result.summary.violations.map(({ rule }) => rule.name))
  if (circles.length > 0) broken.add('no-circle-of-folders')
  const violations = result.summary.violations.length > 0 ? (await format(result, { outputType: 'err' })).output : ''
  const message = [violations, ...circles.map((circle) => `folders in a circle: ${circle.join(' → ')}\n`)].join('')
  return { imports: imports.length, broken: [...broken].sort(), message }
}
