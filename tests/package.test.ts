import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))

const dependencies = z.record(z.string(), z.string())
const manifest = z
  .object({
    files: z.array(z.string()),
    exports: z.record(z.string(), z.unknown()),
    dependencies,
    optionalDependencies: dependencies,
    devDependencies: dependencies,
    imports: z.record(z.string(), z.object({ default: z.string() })),
  })
  .parse(read('package.json'))
const lock = z
  .object({
    packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), hasInstallScript: z.boolean().optional() })),
  })
  .parse(read('package-lock.json'))

it('nothing that an installation brings along has an install script', () => {
  const scripted = Object.entries(lock.packages).filter(([name, about]) => name && about.hasInstallScript && !about.dev)
  expect(scripted).toEqual([])
})

it('a clone runs no script of ONNX Runtime, which would fetch CUDA libraries from another host', () => {
  expect(lock.packages).toHaveProperty('node_modules/onnxruntime-node')
  // npm sets this mark anew when the version changes; without it npm runs no script, and the files are whole without it.
  expect(lock.packages['node_modules/onnxruntime-node'].hasInstallScript).toBeUndefined()
})

it('koffi and its binaries are of one version', () => {
  const binaries = Object.entries(manifest.optionalDependencies)
  expect(binaries.map(([name]) => name)).toContain(`@koromix/koffi-linux-x64`)
  for (const [name, version] of binaries) expect([name, version]).toEqual([name, manifest.devDependencies.koffi])
})

it.each(Object.entries(manifest.imports))('%s is shipped in a package of its own name and version', (name, target) => {
  const [folder] = /^\.\/vendor\/[^/]+/.exec(target.default) ?? []
  expect(read(`${folder}/package.json`)).toMatchObject({
    name: name.slice(1),
    version: manifest.devDependencies[name.slice(1)].replace('^', ''),
    license: 'MIT',
  })
})

it('the networks of the zoo are shipped, as files that a page can fetch by their names', () => {
  expect(manifest.files).toContain('zoo')
  expect(manifest.exports['./zoo/*']).toBe('./zoo/*')
})
