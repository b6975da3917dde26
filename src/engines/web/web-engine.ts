import type { Env } from 'onnxruntime-common'
import { AlexNetError, messageOf } from '../../errors.js'
import type { Device } from '../device.js'
import type { Engine } from '../engine.js'
import { onnxEngine } from '../onnx/onnx-engine.js'
import type { OnnxRuntimeModule } from '../onnx/onnx-runtime.js'
import { engineKind } from '../registry.js'
import { graphicsAdapter } from './graphics-adapter.js'

export interface WebEngineOptions {
  /** Default: `cpu`. */
  readonly device?: Device
  /**
   * Processor threads. Default: all processors where the page is cross-origin isolated; elsewhere a browser shares no
   * memory between threads, so there is 1.
   */
  readonly threads?: number
  /** The folder, as a URL that ends in `/`, with ONNX Runtime's .wasm and .mjs files; default: where the bundler put them. */
  readonly wasmPaths?: string
}

/** An engine of this browser. */
export interface WebEngine {
  readonly engine: Engine
  readonly device: Device
  readonly threads: number
  /** What was found, in words: `WebAssembly, 2 threads`, `WebGPU, nvidia ada`. */
  readonly found: string
}

/** The engines that this page has made: ONNX Runtime's threads are set once, with its first session. */
let threadsInUse: number | undefined

/**
 * Makes the engine `onnx` in a browser, on `onnxruntime-web`, which must be installed beside this package. Only the bundle
 * that the device needs is loaded: 14 MB of WebAssembly for the processor, 27 MB for WebGPU.
 *
 * @throws AlexNetError `engine-unavailable` when ONNX Runtime cannot be loaded, or there is no graphics adapter.
 * @example const { engine, found } = await webEngine({ device: 'webgpu' })
 */
export async function webEngine(options: WebEngineOptions = {}): Promise<WebEngine> {
  const { device } = engineKind('onnx', options.device ?? 'cpu')
  const threads = threadsInUse ?? threadsHere(options.threads)
  const adapter = device === 'webgpu' ? await graphicsAdapter() : undefined
  const runtime = await loadRuntime(device)
  runtime.env.wasm.numThreads = threads
  if (options.wasmPaths !== undefined) runtime.env.wasm.wasmPaths = options.wasmPaths
  threadsInUse = threads
  const found = adapter ? `WebGPU, ${adapter.name}` : `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  const engine = onnxEngine(
    runtime,
    // ONNX Runtime asks for all that the adapter has.
    adapter ? { provider: 'webgpu', largestTensor: adapter.largestBinding } : { provider: 'wasm' },
  )
  return { engine, device, threads, found }
}

function threadsHere(wanted: number | undefined): number {
  if (!globalThis.crossOriginIsolated) return 1
  return wanted ?? navigator.hardwareConcurrency
}

async function loadRuntime(device: Device): Promise<OnnxRuntimeModule & { readonly env: Env }> {
  try {
    return device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm')
  } catch (error) {
    throw new AlexNetError(
      'engine-unavailable',
      `ONNX Runtime cannot be loaded: ${messageOf(error)}`,
      'Install onnxruntime-web beside alexnet, and serve its .wasm and .mjs files with the page.',
      { cause: error },
    )
  }
}
