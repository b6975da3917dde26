import type { CacheKind } from '../../../data/node/pictures/cache-kind.js'
import type { ModelOptions } from '../../../models/options.js'
import type { Schedule } from '../../../runs/schedule.js'
import type { ComputeOptions } from '../../options.js'

/** The flags of `alexnet train`, as commander hands them over. */
export interface TrainFlags extends ComputeOptions, ModelOptions {
  readonly recipe?: string
  readonly model?: string
  readonly data?: string
  readonly imageSize?: number
  readonly validation?: number
  readonly valFraction?: number
  readonly valLabels?: string
  readonly cache?: CacheKind
  readonly strict?: true
  readonly weights?: string
  readonly freeze?: readonly string[]
  readonly multipliers?: Readonly<Record<string, number>>
  readonly epochs?: number
  readonly batchSize?: number
  readonly lr?: number
  readonly momentum?: number
  readonly weightDecay?: number
  readonly rule?: 'paper' | 'pytorch'
  readonly schedule?: Schedule
  readonly seed?: number
  readonly workers?: number
  readonly out?: string
  readonly resume?: string
  readonly ui?: true
  /** False with `--no-report`. */
  readonly report: boolean
  readonly json?: true
}
