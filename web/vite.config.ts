import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Alias, defineConfig } from 'vite'
import { primerPage } from './primer-page.ts'
import { recipesAsData } from './recipes-as-data.ts'
import { withoutDescriptions } from './without-descriptions.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The package's entries (`alexnet`, `alexnet/web`, …) by the sources that they are built from, so that none need be built. */
function entriesFromSource(): Alias[] {
  const { name, exports } = JSON.parse(readFileSync(folder('../package.json'), 'utf8')) as {
    name: string
    exports: Record<string, string | { default: string }>
  }
  return Object.entries(exports).flatMap(([entry, target]) => {
    if (typeof target === 'string') return []
    const source = target.default.replace('./dist/', '../src/').replace(/\.js$/, '.ts')
    return { find: new RegExp(`^${name}${entry.slice(1)}$`), replacement: folder(source) }
  })
}

export default defineConfig({
  root: folder('.'),
  // The page works from any folder of any server.
  base: './',
  plugins: [primerPage(), recipesAsData(), withoutDescriptions()],
  resolve: { alias: entriesFromSource() },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es', plugins: () => [withoutDescriptions()] },
  build: {
    outDir: folder('../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: { input: [folder('index.html'), folder('primer.html')] },
  },
  // ONNX Runtime's threads need a page that is isolated from other origins.
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
})
