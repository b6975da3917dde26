/**
 * Lays into `vendor/` what is shipped within the package instead of being a dependency, because its package brings a script
 * that npm would run where it is installed: `npm run vendor`, which `prepare` does.
 *
 * - ONNX Runtime's script fetches CUDA libraries from another host: hundreds of megabytes that nothing here uses, and where
 *   that host cannot be reached, the whole `npm install` fails. No setting of a package keeps npm 10, npm 11 or Yarn from
 *   running it, and it travels with the files of all platforms anyway.
 * - koffi's only looks whether there is a binary: it is in the packages `@koromix/koffi-…`, which are dependencies. But
 *   newer package managers ask about every script (pnpm ends with an error).
 *
 * The files themselves are whole without the scripts. They are found by the names `#onnxruntime-node` and `#koffi`
 * (`imports` in package.json), here as in the shipped package.
 */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * @typedef {object} Vendored
 * @property {(file: string) => boolean} isShipped by the file's path within the package
 * @property {string} [copyright] whose, where the package has no file of its licence, which is MIT
 */

/** @type {Readonly<Record<string, Vendored>>} */
const packages = {
  'onnxruntime-node': {
    // Of macOS's two copies of one library the binding loads the one with the short name.
    isShipped: (file) => /^(dist|bin)\/.*\.(js|node|so\.1|dylib|dll)$/.test(file) && !/\.\d+\.\d+\.dylib$/.test(file),
    copyright: 'Microsoft Corporation',
  },
  koffi: { isShipped: (file) => /^(index\.(js|d\.ts)|LICENSE\.txt|src\/koffi\/(src\/static|index)\.js)$/.test(file) },
}

/**
 * The same file on the disk, where the system allows it.
 * @param {string} from
 * @param {string} to
 */
function place(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

/** @param {string} copyright */
function mitLicence(copyright) {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8')
  return `MIT License\n\nCopyright (c) ${copyright}\n\n${own.slice(own.indexOf('Permission is hereby granted'))}`
}

for (const [name, { isShipped, copyright }] of Object.entries(packages)) {
  const source = join(root, 'node_modules', name)
  const target = join(root, 'vendor', name)
  rmSync(target, { recursive: true, force: true })
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const within = file.slice(source.length + 1).replaceAll('\\', '/')
    if (entry.isFile() && isShipped(within)) place(file, join(target, within))
  }
  // Node takes files without a `type` for CommonJS; Deno wants it said.
  const {
    version,
    license,
    repository,
    type = 'commonjs',
    main,
    optionalDependencies,
    cnoke,
  } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  const about = { name, version, license, repository, type, main, optionalDependencies, cnoke }
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(about, null, 2)}\n`)
  if (copyright !== undefined) writeFileSync(join(target, 'LICENSE'), mitLicence(copyright))
}
