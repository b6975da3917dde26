import type { Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import * as z from 'zod'
import { livePictures } from '../runs/live.js'
import { followRun } from '../runs/node/follow-run.js'
import { readLiveProgress, readLiveSnapshot } from '../runs/node/read-run.js'
import type { NamedRun, RunFolders } from '../runs/node/run-folders.js'
import { checkpointNames } from '../runs/which-checkpoint.js'
import type { RunsResponse } from './api-types.js'
import { commonApp, methodNotAllowed } from './common.js'
import { pageFiles } from './page-files.js'
import { HttpProblem } from './problem.js'
import { readQuery } from './query.js'
import { sendCheckpoint } from './runs/checkpoint-file.js'
import { drawPicture, liveResponse } from './runs/live-pictures.js'
import { parsePosition } from './runs/position.js'
import { chosenCheckpoint, metricsResponse, runEntry, runResponse } from './runs/run-answers.js'
import { eventOf } from './runs/run-events.js'

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
const checkpointQuery = z.strictObject({ which: z.enum(checkpointNames).optional() })
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
  const find = async (c: Context): Promise<NamedRun> => {
    const run = await folders.find(c.req.param('name') ?? '')
    if (!run) throw new HttpProblem(404, 'not-found', 'there is no such run', 'GET /api/runs lists them.')
    return run
  }

  get('/api/runs', noQuery, async (c) => {
    const entries = await Promise.all((await folders.list()).map((run) => runEntry(run)))
    const runs = entries.filter((entry) => entry !== undefined)
    runs.sort((a, b) => b.changed.localeCompare(a.changed))
    return c.json({ runs } satisfies RunsResponse)
  })
  get('/api/runs/:name', noQuery, async (c) => {
    const run = await runResponse(await find(c))
    if (!run) throw new HttpProblem(404, 'not-found', 'the recipe of this run cannot be read')
    return c.json(run)
  })
  get('/api/runs/:name/metrics', noQuery, async (c) => c.json(await metricsResponse(await find(c))))
  get('/api/runs/:name/live', noQuery, async (c) => {
    const run = await find(c)
    return c.json(liveResponse(await readLiveProgress(run), await readLiveSnapshot(run)))
  })
  for (const picture of livePictures)
    get(`/api/runs/:name/pictures/${picture}.png`, pictureQuery, async (c) =>
      c.body((await drawPicture(await find(c), picture)) as Uint8Array<ArrayBuffer>, 200, {
        'content-type': 'image/png',
      }),
    )
  get('/api/runs/:name/checkpoint', checkpointQuery, async (c, { which }) => {
    const run = await find(c)
    return sendCheckpoint(run, which ?? (await chosenCheckpoint(run)))
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
        for await (const change of followRun(run, from, ended)) {
          const { event, data, id } = eventOf(change)
          await stream.writeSSE({ event, data: JSON.stringify(data), ...(id !== undefined && { id }) })
        }
      } finally {
        clearInterval(heartbeat)
      }
    })
  })
  app.get('*', pageFiles(page))
  app.all('*', methodNotAllowed('GET'))
  return app
}
