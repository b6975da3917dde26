import type { CacheKind } from '../../../data/node/pictures/cache-kind.js'
import type { ComputeOptions } from '../../options.js'
import type { GivenSetting } from './setting-option.js'

/** The flags of `alexnet train`, as commander hands them over. */
export interface TrainFlags extends ComputeOptions {
  readonly recipe?: string
  /** Keys of the recipe, in the order in which they were given: of `--set`, and of the flags that are short for one. */
  readonly set?: readonly GivenSetting[]
  readonly data?: string
  readonly valLabels?: string
  readonly cache?: CacheKind
  readonly strict?: true
  readonly followLinks?: true
  readonly workers?: number
  readonly out?: string
  readonly resume?: string
  readonly ui?: true
  /** True where no folder is said. */
  readonly tensorboard?: true | string
  readonly csv?: true
  readonly dryRun?: true
  /** False with `--no-report`. */
  readonly report: boolean
  readonly json?: true
}
