import type { Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import * as z from 'zod'
import type { LiveResponse, RunResponse, RunsResponse } from './api-types.js'
import { commonApp, methodNotAllowed } from './common.js'
import { pageFiles } from './page-files.js'
import { HttpProblem } from './problem.js'
import { readQuery } from './query.js'
import { sendCheckpoint } from './runs/checkpoint-file.js'
import { followRun } from './runs/follow-run.js'
import { drawPicture, livePictures, readInside } from './runs/live-pictures.js'
import { parsePosition } from './runs/position.js'
import type { NamedRun, RunFolders } from './runs/run-folders.js'
import { readEntry, readMetrics, readProgress, readRun } from './runs/run-reader.js'

export interface RunsAppOptions {
  readonly folders: RunFolders
  /** The folder of the built page. */
  readonly page: string
  readonly hosts?: ReadonlySet<string>
  /** Ends what would go on for ever. */
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown) => void
}

/** Between two events a sign of life, so that proxies keep the connection and a client that has gone is noticed. */
const HEARTBEAT_MILLISECONDS = 15_000

const noQuery = z.strictObject({})
const eventsQuery = z.strictObject({ after: z.string().optional() })
const checkpointQuery = z.strictObject({ which: z.enum(['best', 'last']).optional() })
/** Of no meaning to the server: a new number makes a browser fetch anew. */
const pictureQuery = z.strictObject({ step: z.string().optional() })

/** The page and the runs that it shows. */
export function runsApp({ folders, page, hosts, signal, onFailure }: RunsAppOptions): Hono {
  const app = commonApp(hosts, onFailure)
  const get = <Query>(
    path: string,
    query: z.ZodType<Query>,
    answer: (c: Context, query: Query) => Promise<Response>,
  ) => {
    app.get(path, async (c) => {
      const response = await answer(c, readQuery(c, query))
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-cache')
      return response
    })
    app.all(path, methodNotAllowed('GET'))
  }
  const find = (c: Context): Promise<NamedRun> => folders.find(c.req.param('name') ?? '')

  get('/api/runs', noQuery, async (c) => {
    const entries = await Promise.all((await folders.list()).map((run) => readEntry(run)))
    const runs = entries.filter((entry) => entry !== undefined)
    runs.sort((a, b) => b.changed.localeCompare(a.changed))
    return c.json({ runs } satisfies RunsResponse)
  })
  get('/api/runs/:name', noQuery, async (c) => {
    const run = await readRun(await find(c))
    if (!run) throw new HttpProblem(404, 'not-found', 'the recipe of this run cannot be read')
    return c.json(run)
  })
  get('/api/runs/:name/metrics', noQuery, async (c) => c.json(await readMetrics(await find(c))))
  get('/api/runs/:name/live', noQuery, async (c) => {
    const run = await find(c)
    return c.json({ progress: await readProgress(run), inside: await readInside(run) } satisfies LiveResponse)
  })
  for (const picture of livePictures)
    get(`/api/runs/:name/pictures/${picture}.png`, pictureQuery, async (c) =>
      c.body((await drawPicture(await find(c), picture)) as Uint8Array<ArrayBuffer>, 200, {
        'content-type': 'image/png',
      }),
    )
  get('/api/runs/:name/checkpoint', checkpointQuery, async (c, { which }) => {
    const run = await find(c)
    return sendCheckpoint(run, which ?? preferred(await readRun(run)))
  })
  get('/api/runs/:name/events', eventsQuery, async (c, { after }) => {
    const run = await find(c)
    const from = parsePosition(c.req.header('last-event-id') ?? after)
    return streamSSE(c, async (stream) => {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      const ended = AbortSignal.any([signal, gone.signal])
      const heartbeat = setInterval(() => void stream.write(': \n\n'), HEARTBEAT_MILLISECONDS)
      try {
        for await (const { event, data, id } of followRun(run, from, ended))
          await stream.writeSSE({ event, data: JSON.stringify(data), ...(id !== undefined && { id }) })
      } finally {
        clearInterval(heartbeat)
      }
    })
  })
  app.get('*', pageFiles(page))
  app.all('*', methodNotAllowed('GET'))
  return app
}

/** As `alexnet predict` chooses: the best only where validation pictures have chosen it. */
function preferred(run: RunResponse | undefined): 'best' | 'last' {
  const hasBest = run?.checkpoints.some(({ which }) => which === 'best')
  return hasBest && run?.lastEpoch?.validation ? 'best' : 'last'
}
