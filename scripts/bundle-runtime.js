/**
 * Lays ONNX Runtime's files into `vendor/`, to be shipped within the package: run by `prepare`.
 *
 * As a dependency, onnxruntime-node brings an install script that fetches CUDA libraries from another host: 200 MB that
 * nothing here uses, and where that host cannot be reached, `npm install` fails as a whole. No setting of a package keeps
 * npm 10, npm 11 or Yarn from running the scripts of its dependencies. The files themselves are whole without it.
 */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
const target = fileURLToPath(new URL('../vendor/onnxruntime-node', import.meta.url))

/**
 * The script and its maps stay behind, and the second copy of macOS's library, which the binding does not load.
 * @param {string} file
 */
const isShipped = (file) => /^(dist|bin)[\\/]/.test(file) && !/\.(map|d\.ts)$|\.\d+\.\d+\.\d+\.dylib$/.test(file)

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

rmSync(target, { recursive: true, force: true })
for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name)
  const name = file.slice(source.length + 1)
  if (entry.isFile() && isShipped(name)) place(file, join(target, name))
}
const { name, version, license, repository, main } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
writeFileSync(
  join(target, 'package.json'),
  `${JSON.stringify({ name, version, license, repository, main }, null, 2)}\n`,
)
writeFileSync(
  join(target, 'LICENSE'),
  `ONNX Runtime ${version}, ${repository.url}\n\nMIT License\n\nCopyright (c) Microsoft Corporation\n\n${readFileSync(
    new URL('../LICENSE', import.meta.url),
    'utf8',
  ).replace(/^[\s\S]*?(?=Permission is hereby granted)/, '')}`,
)
