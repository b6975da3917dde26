import type { ScanReport } from '../data/node/pictures/scan-report.js'
import type { Mistake } from '../inference/worst-mistakes.js'
import type { Checkpoint } from '../runs/checkpoint.js'
import type { Assessment } from './assess.js'
import type { History } from './history.js'
import type { Work } from './work.js'

/** A picture within the page. */
export interface EmbeddedPicture {
  /** A data URI. */
  readonly source: string
  readonly width: number
  readonly height: number
}

/** A mistake with its picture. */
export interface ShownMistake extends Mistake {
  readonly picture: EmbeddedPicture
  /** The picture's file, where it has one. */
  readonly name?: string
}

/** The first layer's filters. */
export interface ShownFilters {
  readonly picture: EmbeddedPicture
  readonly count: number
  readonly kernel: readonly [number, number]
}

/** All that a report tells. */
export interface ReportContent {
  /** The name of the run. */
  readonly run: string
  readonly checkpoint: Omit<Checkpoint, 'state'>
  /** The settings as YAML. */
  readonly recipe: string
  /** The data set's name, which of its parts was classified, and how many pictures each class has there. */
  readonly data: string
  readonly part: string
  readonly assessment: Assessment
  readonly mistakes: readonly ShownMistake[]
  readonly filters?: ShownFilters
  readonly history: History
  readonly work: Work
  readonly scan?: ScanReport
}
