import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('the public entry builds for the browser, without a module of Node, and stays small', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    platform: 'browser', // a module of Node is an error here
    format: 'esm',
    write: false,
    metafile: true,
  })
  const packages = Object.keys(metafile.inputs).flatMap(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  )
  expect([...new Set(packages)].sort()).toEqual(['@bufbuild/protobuf', 'leven', 'zod'])
  expect(gzipSync(outputFiles[0].contents).length).toBeLessThan(130_000)
})
