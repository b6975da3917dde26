import type { Measurement, Setting } from '../measurement.js'
import type { Workload } from '../workload.js'

/** How much a measurement may take. */
export interface Effort {
  readonly threads: number
  readonly seconds: number
  readonly signal?: AbortSignal
}

/** One that is measured: an engine of this library in one precision, or a peer in one precision and layout. */
export interface Contestant extends Setting {
  readonly isPeer: boolean
  /** Whether it has this network. */
  knows(model: string): boolean
  /**
   * Measures, in a fresh process.
   * @throws PeerFailed when a peer gives no number.
   */
  measure(workload: Workload, effort: Effort): Promise<Measurement>
}

/** A peer that gives no number, with the reason: it takes no further part in this workload. */
export class PeerFailed extends Error {}

/** `pytorch bfloat16 channels_last` */
export function nameOf({ runner, precision, layout }: Setting): string {
  return [runner, precision, ...(layout === 'default' ? [] : [layout])].join(' ')
}
