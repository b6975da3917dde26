import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import koffi, { type LibraryHandle } from '#koffi'
import { AlexNetError, messageOf } from '../../../errors.js'
import { keepLoaded } from '../../thread/keep-loaded.js'
import { switchOffTelemetry } from './telemetry.js'

/** The library's file for each system, beside its binding for Node. */
const fileNames: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
}

/** The version of the C interface that is asked for: what is used of it has been there since 1.6. */
const API_VERSION = 6

/** ONNX Runtime's C interface: a table of functions, known by their places (onnxruntime_c_api.h), which never change. */
export interface OrtLibrary {
  readonly version: string
  /** The function at a place of `OrtApi`. */
  bind(place: number, result: string, parameters: readonly string[]): (...values: unknown[]) => unknown
}

/**
 * Loads the library that comes with the package, without its binding for Node: that copies what it gives out, and blocks
 * the thread that calls it.
 *
 * @throws AlexNetError `engine-unavailable`
 */
export async function loadOrtLibrary(): Promise<OrtLibrary> {
  await switchOffTelemetry()
  const file = libraryFile()
  try {
    const library = koffi.load(file)
    keepLoaded(file)
    return open(library)
  } catch (error) {
    throw new AlexNetError('engine-unavailable', `ONNX Runtime cannot be loaded: ${messageOf(error).split('\n')[0]}`)
  }
}

function libraryFile(): string {
  const folder = join(dirname(createRequire(import.meta.url).resolve('#onnxruntime-node')), '../bin/napi-v6')
  const file = join(folder, process.platform, process.arch, fileNames[process.platform] ?? '')
  if (existsSync(file)) return file
  throw new AlexNetError('engine-unavailable', `ONNX Runtime has no library for ${process.platform} ${process.arch}`)
}

function open(library: LibraryHandle): OrtLibrary {
  const base = library.func('OrtGetApiBase', 'void *', [])()
  const [getApi, getVersion] = (koffi.decode(base, 'uintptr_t', 2) as (number | bigint)[]).map(BigInt)
  const api: unknown = koffi.call(getApi, koffi.proto('void *', ['uint32_t']), API_VERSION)
  if (!api) throw new Error(`it does not have version ${API_VERSION} of its interface`)
  return {
    version: String(koffi.call(getVersion, koffi.proto('str', []))),
    bind(place, result, parameters) {
      const [address] = koffi.decode(api, place * POINTER_BYTES, 'uintptr_t', 1) as (number | bigint)[]
      const type = koffi.proto(result, [...parameters])
      return (...values) => koffi.call(BigInt(address), type, ...values)
    },
  }
}

const POINTER_BYTES = 8
