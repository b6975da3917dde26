import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { launchChromium } from './chromium.js'
import { serveFolders } from './static-server.js'

const inRepository = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

type Library = Readonly<Record<string, (...values: readonly unknown[]) => unknown>>

const html = `<!doctype html>
<title>alexnet</title>
<link rel="icon" href="data:,">
<script type="module">
  import * as library from './library.js'
  globalThis.library = library
</script>
`

export interface Tab {
  /** Calls a function that `pages/library.ts` exports, in the tab. Arguments and answer cross as JSON. */
  call<Answer>(name: string, ...values: readonly unknown[]): Promise<Answer>
  readonly page: Page
  /** Errors of the console and of the page itself. */
  readonly errors: readonly string[]
  close(): Promise<void>
}

/** A page in a real Chromium with the library in it, bundled as an application would. */
export async function openTab(): Promise<Tab> {
  const folder = await mkdtemp(join(tmpdir(), 'alexnet-tab-'))
  await build({
    entryPoints: {
      library: inRepository('tests/support/browser/pages/library.ts'),
      'training-worker': inRepository('src/training/web/training-worker.ts'),
      'classifier-worker': inRepository('src/inference/web/classifier-worker.ts'),
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: folder,
    logLevel: 'error',
  })
  await writeFile(join(folder, 'index.html'), html)
  const server = await serveFolders({ '/': folder, '/ort/': inRepository('node_modules/onnxruntime-web/dist') })
  const browser = await launchChromium()
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${server.origin}/index.html`)
  await page.waitForFunction(() => 'library' in globalThis)
  return {
    page,
    errors,
    call: (name, ...values) =>
      page.evaluate(([name, values]) => (globalThis as unknown as { library: Library }).library[name](...values), [
        name,
        values,
      ] as const) as Promise<never>,
    async close() {
      await browser.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
