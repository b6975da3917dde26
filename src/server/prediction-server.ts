import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import type { Engine, Precision } from '../engines/engine.js'
import { expectPrecision } from '../engines/registry.js'
import { messageOf } from '../errors.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import { hostNames } from './host-names.js'
import { type HttpServer, listen } from './http-server.js'
import { defaultLimits, type Limits } from './limits.js'
import { predictionApp } from './prediction-app.js'
import { PredictionMetrics } from './prediction-metrics.js'
import { Predictor } from './predictor.js'

export interface PredictionServerOptions {
  readonly checkpoint: Checkpoint
  readonly engine: Engine
  readonly threads?: number
  readonly precision?: Precision
  /** Default: 127.0.0.1, this machine alone. */
  readonly host?: string
  /** Default: 8080; 0 takes any that is free. */
  readonly port?: number
  /** Names by which a proxy before it is asked: see `hostNames`. */
  readonly allowedHosts?: readonly string[]
  /** The most pictures that are classified at a time; default 32. */
  readonly batchSize?: number
  /** Milliseconds that a picture waits at most for others of its batch, while nothing is computed; default 10. */
  readonly maxDelay?: number
  /** The most pictures that are taken and not answered yet; default four batches. */
  readonly queue?: number
  readonly limits?: Partial<Limits>
  /** What a client must know. */
  readonly token?: string
  /** Gets what is a bug; default: the standard error. */
  readonly onFailure?: (error: unknown) => void
}

export interface PredictionServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string
  /** Takes no more requests, finishes those that it has, and frees the engine. */
  close(): Promise<void>
}

/** Longer than a request may take. */
const GRACE_SECONDS = 5

/**
 * Serves a trained network: pictures in, predictions out. docs/server.md describes its interface.
 *
 * It takes sharp's settings of this process for itself: one thread for each picture, and no formats but pictures.
 *
 * @throws AlexNetError What the engine throws, or `cannot-listen`.
 * @example
 * const server = await servePredictions({ checkpoint: await readCheckpoint('runs/shapes-1'), engine })
 * console.log(server.url)
 * await server.close()
 */
export async function servePredictions(options: PredictionServerOptions): Promise<PredictionServer> {
  const { checkpoint, engine, precision = 'float32', threads = availableParallelism() } = options
  const {
    host = '127.0.0.1',
    port = 8080,
    batchSize = 32,
    maxDelay = 10,
    queue = 4 * batchSize,
    token,
    allowedHosts,
  } = options
  const limits = { ...defaultLimits, ...options.limits }
  const { onFailure = (error) => process.stderr.write(`alexnet serve: ${stackOf(error)}\n`) } = options
  expectPrecision(engine, precision)
  restrictDecoders()

  const { pixels } = limits
  const decodeSeconds = Math.ceil(limits.seconds)
  const predictor = await Predictor.create({
    ...{ checkpoint, engine, precision, threads, batchSize, maxDelay, queue, pixels, decodeSeconds },
  })
  const metrics = new PredictionMetrics(() => predictor.length)
  predictor.observer = metrics
  let ready = true
  let server: HttpServer
  try {
    const app = predictionApp({
      ...{ checkpoint, predictor, metrics, limits, batchSize, token, onFailure },
      engine: { name: engine.name, precision, threads },
      hosts: hostNames(host, allowedHosts),
      isReady: () => ready,
    })
    server = await listen({ app, host, port, requestSeconds: limits.seconds })
  } catch (error) {
    await predictor.close()
    throw error
  }
  return {
    url: server.url,
    async close() {
      ready = false
      await server.close(limits.seconds + GRACE_SECONDS)
      await predictor.close()
    },
  }
}

/**
 * The pictures come from strangers. SVG, PDF and the like are programs for a renderer; libvips must not look at them. And
 * one thread for each picture is best, since several are decoded at once, beside the engine.
 */
function restrictDecoders(): void {
  sharp.concurrency(1)
  sharp.cache(false)
  sharp.block({ operation: ['VipsForeignLoad'] })
  const formats = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Gif', 'Tiff', 'Heif']
  sharp.unblock({ operation: formats.map((format) => `VipsForeignLoad${format}`) })
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack ? error.stack : messageOf(error)
}
