import type { RunChange } from '../../runs/node/follow-run.js'
import type { RunEvents } from '../api-types.js'
import { liveResponse } from './live-pictures.js'
import { formatPosition } from './position.js'

/** An event with what it carries; the id is where to go on after it. */
export type RunEvent = {
  [Name in keyof RunEvents]: { readonly event: Name; readonly data: RunEvents[Name]; readonly id?: string }
}[keyof RunEvents]

/** A change of a run as a page hears of it. */
export function eventOf(change: RunChange): RunEvent {
  switch (change.kind) {
    case 'metrics':
      return { event: 'metrics', data: change.line, id: formatPosition(change.position) }
    case 'timing':
      return { event: 'timing', data: change.line, id: formatPosition(change.position) }
    case 'reset':
      return { event: 'reset', data: {}, id: formatPosition(change.position) }
    case 'live':
      return { event: 'live', data: liveResponse(change.progress, change.inside) }
    case 'state':
      return { event: 'state', data: { state: change.state } }
  }
}
