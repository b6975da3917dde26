import { execFileSync } from 'node:child_process'
import { isUpToDate, root, sourcesIn } from './build-state.js'

/**
 * Builds `dist/` unless every file of it is newer than its source: the command line and the loader's worker threads are
 * tested as they are shipped.
 */
export default function setup(): void {
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json']
  const modules = sourcesIn('src').filter((source) => /\.tsx?$/.test(source))
  if (modules.every((source) => isUpToDate(outputOf(source), [source, ...settings]))) return
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  })
}

function outputOf(source: string): string {
  return source.replace(/^src/, 'dist').replace(/\.tsx?$/, '.js')
}
