import type { Context, Hono } from 'hono'
import type { Precision } from '../engines/engine.js'
import { mostProbable } from '../inference/most-probable.js'
import { summarise } from '../models/summary.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import type { HealthResponse, ModelResponse, PicturePrediction, PredictResponse } from './api-types.js'
import { commonApp, methodNotAllowed } from './common.js'
import { limited } from './deadline.js'
import type { Limits } from './limits.js'
import { openApi, predictQuery } from './openapi.js'
import type { PredictionMetrics } from './prediction-metrics.js'
import type { Predictor } from './predictor.js'
import { HttpProblem } from './problem.js'
import { readQuery } from './query.js'
import { readPictures } from './read-pictures.js'
import { requireToken } from './token.js'

export interface PredictionAppOptions {
  readonly checkpoint: Pick<Checkpoint, 'model' | 'classes'>
  readonly predictor: Predictor
  readonly metrics: PredictionMetrics
  readonly limits: Limits
  readonly engine: { readonly name: string; readonly precision: Precision; readonly threads: number }
  readonly batchSize: number
  /** What a client must know to be answered; undefined: anybody is. */
  readonly token?: string
  readonly hosts?: ReadonlySet<string>
  /** False once the server shuts down. */
  readonly isReady: () => boolean
  readonly onFailure: (error: unknown) => void
}

/** The prediction server as a function from requests to answers. */
export function predictionApp(options: PredictionAppOptions): Hono {
  const { checkpoint, predictor, metrics, limits, token, isReady } = options
  const { model, classes } = checkpoint
  const app = commonApp(options.hosts, options.onFailure)
  const paths = new Set<string>()

  app.use(async (c, next) => {
    const start = performance.now()
    await next()
    metrics.onAnswered(paths.has(c.req.path) ? c.req.path : 'other', c.res.status, (performance.now() - start) / 1000)
  })

  const route = (method: 'GET' | 'POST', path: string, answer: (c: Context) => Response | Promise<Response>) => {
    paths.add(path)
    app.on(method, path, answer)
    app.all(path, methodNotAllowed(method))
  }

  route('GET', '/healthz', (c) => c.json({ status: 'ok' } satisfies HealthResponse))
  route('GET', '/readyz', (c) => {
    if (!isReady()) throw shuttingDown()
    return c.json({ status: 'ok' } satisfies HealthResponse)
  })
  const description = openApi({ token: token !== undefined, limits })
  route('GET', '/openapi.json', (c) => c.json(description))

  if (token !== undefined) for (const path of ['/v1/*', '/metrics']) app.use(path, requireToken(token))

  route('GET', '/metrics', async (c) => c.text(await metrics.text(), 200, { 'content-type': metrics.contentType }))

  const { layers, parameters, multiplyAdds } = summarise(model)
  const about: ModelResponse = {
    model: model.name,
    classes,
    input: model.inputShape,
    layers,
    parameters,
    multiplyAdds,
    engine: options.engine.name,
    precision: options.engine.precision,
    threads: options.engine.threads,
    batchSize: options.batchSize,
    limits: { bodyBytes: limits.bodyBytes, pixels: limits.pixels, pictures: limits.pictures },
  }
  route('GET', '/v1/model', (c) => c.json(about))

  route('POST', '/v1/predict', async (c) => {
    if (!isReady()) throw shuttingDown()
    const { top } = readQuery(c, predictQuery)
    const leave: (() => void)[] = []
    try {
      leave.push(predictor.admit(1))
    } catch (error) {
      await passOver(c.req.raw)
      throw error
    }
    try {
      const predictions = await limited(c.req.raw.signal, limits.seconds, async (signal) => {
        const pictures = await readPictures(c.req.raw, limits)
        signal.throwIfAborted()
        leave.push(predictor.admit(pictures.length - 1))
        return Promise.all(
          pictures.map(async ({ name, bytes }): Promise<PicturePrediction> => {
            const probabilities = await predictor.predict(bytes, name ?? undefined, signal)
            return { name, top: mostProbable(probabilities, classes, top) }
          }),
        )
      })
      return c.json({ model: model.name, predictions } satisfies PredictResponse)
    } finally {
      for (const giveBack of leave) giveBack()
    }
  })
  return app
}

/** A body that is much larger than this is not worth its connection. */
const PASSED_OVER_BYTES = 1_000_000

/**
 * Lets a body go by that nobody will read: with part of it under way, the connection would have to be cut, and the client
 * would see that instead of the answer.
 */
async function passOver(request: Request): Promise<void> {
  const length = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY)
  if (length <= PASSED_OVER_BYTES) await request.arrayBuffer().catch(() => undefined)
}

function shuttingDown(): HttpProblem {
  return new HttpProblem(503, 'not-ready', 'the server is shutting down', 'Try another one, or later.', {
    'retry-after': '5',
    connection: 'close',
  })
}
