import { cruise, format, type ICruiseResult } from 'dependency-cruiser'
import { folderCircles } from './folder-circles.js'
import { rules } from './rules.js'

export interface ImportCheck {
  /** How many imports were looked at. */
  imports: number
  /** The rules that were broken, each once. */
  broken: string[]
  /** What is wrong, for people; empty if nothing is. */
  message: string
}

/** Checks the imports of `src` in a folder. Tests may import what they like. */
export async function checkImports(root: string): Promise<ImportCheck> {
  const { output } = await cruise(['src'], {
    baseDir: root,
    parser: 'swc', // TypeScript 7 has no interface for JavaScript
    exclude: { path: '\\.test\\.ts$' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    validate: true,
    ruleSet: { forbidden: rules },
  })
  const result = output as ICruiseResult
  const imports = result.modules.flatMap(({ source, dependencies }) =>
    dependencies.filter(({ resolved }) => resolved.startsWith('src/')).map(({ resolved }) => ({ from: source, to: resolved })),
  )
  const circles = folderCircles(imports)
  const broken = new Set(result.summary.violations.map(({ rule }) => rule.name))
  if (circles.length > 0) broken.add('no-circle-of-folders')
  const violations = result.summary.violations.length > 0 ? (await format(result, { outputType: 'err' })).output : ''
  const message = [violations, ...circles.map((circle) => `folders in a circle: ${circle.join(' → ')}\n`)].join('')
  return { imports: imports.length, broken: [...broken].sort(), message }
}
