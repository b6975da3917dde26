import { signal } from '@preact/signals'
import { AlexNetError } from 'alexnet'
import type { ApiError, MetricsResponse, RunEntry, RunResponse, RunsResponse } from 'alexnet/api'

/** Whether the page comes from `alexnet ui`, which knows runs, or from a static host; undefined: not known yet. */
export const served = signal<boolean | undefined>(undefined)
export const runs = signal<readonly RunEntry[]>([])

/** Between two looks at the list of runs, in milliseconds. */
const INTERVAL = 3000

/** Asks where the page comes from. A static host is not asked for runs: its 404 would be an error in the console. */
export async function findServer(): Promise<boolean> {
  const own = await fetch(location.pathname, { method: 'HEAD' }).catch(() => undefined)
  served.value = own?.headers.has('x-alexnet-api') ?? false
  if (served.value) loadRuns().catch(() => undefined) // The view of runs asks again, and tells what is wrong.
  return served.value
}

/** Keeps the list of runs fresh until it is told to stop. */
export function followRuns(onError: (error: unknown) => void): () => void {
  let ended = false
  const round = async () => {
    if (ended) return
    await loadRuns().then(
      () => onError(null),
      (error: unknown) => onError(error),
    )
    if (!ended) setTimeout(round, INTERVAL)
  }
  round()
  return () => {
    ended = true
  }
}

async function loadRuns(): Promise<void> {
  const next = (await getJson<RunsResponse>('api/runs')).runs
  if (JSON.stringify(next) !== JSON.stringify(runs.value)) runs.value = next
}

export const loadRun = (name: string) => getJson<RunResponse>(addressOf(name))
export const loadMetrics = (name: string) => getJson<MetricsResponse>(addressOf(name, '/metrics'))

export async function loadCheckpoint(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await get(addressOf(name, '/checkpoint'))).arrayBuffer())
}

/** The address of something that belongs to a run. */
export function addressOf(name: string, what = ''): string {
  return `api/runs/${encodeURIComponent(name)}${what}`
}

async function getJson<Answer>(address: string): Promise<Answer> {
  return (await (await get(address)).json()) as Answer
}

/** @throws AlexNetError `missing-data` with what the server says. */
async function get(address: string): Promise<Response> {
  const response = await fetch(address).catch(() => undefined)
  if (!response) throw new AlexNetError('missing-data', 'the server does not answer', 'Is `alexnet ui` still running?')
  if (response.ok) return response
  const { error } = (await response.json().catch(() => ({}))) as Partial<ApiError>
  throw new AlexNetError('missing-data', error?.message ?? `the server answers ${response.status}`, error?.hint)
}
