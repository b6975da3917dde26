/**
 * What the servers answer, as types without code: a page imports them as they stand.
 *
 * @module alexnet/api
 */

import type { EpochLine, EpochTiming, MetricsLine, StepsLine } from '../runs/lines.js'
import type { LiveMistake, LiveProgress, LiveRecord, ParameterStatistics, RunMachine } from '../runs/live.js'
import type { RunState } from '../runs/progress.js'
import type { RecipeOutline } from '../runs/recipe-outline.js'
import type { CheckpointName } from '../runs/which-checkpoint.js'

export type {
  EpochLine,
  EpochTiming,
  LiveMistake,
  LiveProgress,
  MetricsLine,
  ParameterStatistics,
  RunMachine,
  RunState,
  StepsLine,
}

/** Every answer that is no success: status 4xx or 5xx. */
export interface ApiError {
  readonly error: {
    /** Stable: programs may branch on it. */
    readonly code: ApiErrorCode
    /** One line: what is wrong, what was expected, what was found. */
    readonly message: string
    /** What to do. */
    readonly hint?: string
  }
}

export type ApiErrorCode =
  | 'bad-request' // the request cannot be read: broken multipart, bad HTTP
  | 'invalid-parameter' // a query parameter out of range, or unknown
  | 'invalid-image' // a body or part that is not a picture
  | 'unauthorized' // the token is missing or wrong
  | 'forbidden' // a host name that the server does not go by
  | 'not-found' // no such path, run or file
  | 'method-not-allowed'
  | 'request-timeout' // the request came too slowly
  | 'too-large' // body, picture, header or address beyond its limit
  | 'unsupported-media-type' // neither a picture nor multipart/form-data
  | 'overloaded' // the queue is full: try again after Retry-After
  | 'not-ready' // starting or shutting down
  | 'timeout' // the answer took too long
  | 'internal' // a bug

/** `POST /v1/predict` */
export interface PredictResponse {
  /** The network's name. */
  readonly model: string
  /** One for each picture, in the order in which they came. */
  readonly predictions: readonly PicturePrediction[]
}

export interface PicturePrediction {
  /** The name of the file in a multipart body; null for a raw body. */
  readonly name: string | null
  /** The most probable classes, the first the most probable. */
  readonly top: readonly ClassProbability[]
}

export interface ClassProbability {
  readonly label: string
  /** The place among the model's classes. */
  readonly index: number
  /** 0–1. */
  readonly probability: number
}

/** `GET /v1/model` */
export interface ModelResponse {
  readonly model: string
  readonly classes: readonly string[]
  /** One prepared picture: (C, H, W). */
  readonly input: readonly number[]
  readonly layers: readonly ApiLayer[]
  readonly parameters: number
  /** Multiplications with an addition, for one picture. */
  readonly multiplyAdds: number
  readonly engine: string
  readonly precision: string
  readonly threads: number
  /** The most pictures that are classified at a time. */
  readonly batchSize: number
  readonly limits: { readonly bodyBytes: number; readonly pixels: number; readonly pictures: number }
}

export interface ApiLayer {
  readonly name: string
  readonly kind: string
  /** `64 of 11×11, stride 4, padding 2` */
  readonly settings: string
  /** What it produces for one picture: (C, H, W) or (features). */
  readonly output: readonly number[]
  readonly parameters: number
  readonly multiplyAdds: number
}

/** `GET /healthz`, `GET /readyz` */
export interface HealthResponse {
  readonly status: 'ok'
}

/** `GET /api/runs` */
export interface RunsResponse {
  /** The one that changed last comes first. */
  readonly runs: readonly RunEntry[]
}

export interface RunEntry {
  /** The name in the addresses below. */
  readonly name: string
  readonly state: RunState
  readonly model: string
  readonly data: string
  readonly epochs: number
  /** Epochs that are complete. */
  readonly epoch: number
  /** The last line of metrics of each kind; null before the first. */
  readonly lastSteps: StepsLine | null
  readonly lastEpoch: EpochLine | null
  /** ISO 8601. */
  readonly changed: string
}

/** `GET /api/runs/:name` */
export interface RunResponse extends RunEntry {
  /** The settings as resolved: `recipe.yaml` as data. */
  readonly recipe: RecipeOutline
  /** Null for a run that has not been begun. */
  readonly classes: readonly string[] | null
  readonly network: {
    readonly input: readonly number[]
    readonly layers: readonly ApiLayer[]
    readonly parameters: number
    readonly multiplyAdds: number
  } | null
  /** What trains it; null for runs of versions that did not note it. */
  readonly machine: RunMachine | null
  readonly checkpoints: readonly CheckpointEntry[]
}

export interface CheckpointEntry {
  /** `best` holds the parameters alone, `last` the velocities too. */
  readonly which: CheckpointName
  readonly bytes: number
  readonly changed: string
}

/** `GET /api/runs/:name/metrics` */
export interface MetricsResponse {
  readonly metrics: readonly MetricsLine[]
  readonly timing: readonly EpochTiming[]
  /** Where the lines end: `events?after=…` goes on exactly there. */
  readonly position: string
}

/**
 * `GET /api/runs/:name/events`: the events by name, each with its data. All but `live` and `state` carry an id; what
 * comes after it is sent by `Last-Event-ID` (a browser does that by itself) or `?after=`.
 */
export interface RunEvents {
  readonly metrics: MetricsLine
  readonly timing: EpochTiming
  /** At first, and whenever it changes. */
  readonly live: LiveResponse
  /** At first, and whenever it changes. */
  readonly state: { readonly state: RunState }
  /** The files have been written anew (a run was resumed): forget all lines, they follow from the first on. */
  readonly reset: Readonly<Record<string, never>>
}

/** `GET /api/runs/:name/live`: where the training is now. Both are null for a run that has written none. */
export interface LiveResponse {
  readonly progress: LiveProgress | null
  readonly inside: LiveInside | null
}

/** What the network looks like after an epoch. */
export interface LiveInside extends Omit<LiveRecord, 'labels' | 'mistakes'> {
  /** Pictures, as grids of tiles: `GET /api/runs/:name/pictures/filters.png?step=…` and so on. */
  readonly pictures: {
    /** Null for a network whose first layer is no convolution of three channels. */
    readonly filters: TileGrid | null
    /** Some pictures of the epoch's first batch, as the network saw them after augmentation. */
    readonly batch: (TileGrid & { readonly labels: readonly string[] }) | null
    /** Pictures that the network got wrong in the evaluation, the most confident first. */
    readonly mistakes: (TileGrid & { readonly pictures: readonly LiveMistake[] }) | null
  }
}

/** How a picture is parted: tile i lies in column i mod columns, row ⌊i ÷ columns⌋, with a gap of one pixel between tiles. */
export interface TileGrid {
  readonly count: number
  readonly columns: number
  readonly tileWidth: number
  readonly tileHeight: number
  /** Pixels between two tiles. */
  readonly gap: number
}
