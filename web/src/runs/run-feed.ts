import { type Signal, signal } from '@preact/signals'
import type { EpochTiming, LiveResponse, MetricsLine, RunState } from 'alexnet/api'
import { addressOf, loadMetrics } from './api.ts'

/** All that a run has told, and goes on telling by server-sent events. */
export class RunFeed {
  readonly lines: Signal<readonly MetricsLine[]> = signal([])
  readonly timing: Signal<readonly EpochTiming[]> = signal([])
  readonly live: Signal<LiveResponse | null> = signal(null)
  readonly state: Signal<RunState | null> = signal(null)
  readonly problem: Signal<unknown> = signal(null)
  private events: EventSource | undefined
  private closed = false

  constructor(readonly name: string) {
    this.open().catch((error: unknown) => {
      this.problem.value = error
    })
  }

  close(): void {
    this.closed = true
    this.events?.close()
  }

  private async open(): Promise<void> {
    const { metrics, timing, position } = await loadMetrics(this.name)
    if (this.closed) return
    this.lines.value = metrics
    this.timing.value = timing
    const events = new EventSource(addressOf(this.name, `/events?after=${encodeURIComponent(position)}`))
    this.events = events
    const on = <Data>(event: string, hear: (data: Data) => void) =>
      events.addEventListener(event, ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as Data))
    on<MetricsLine>('metrics', (line) => {
      this.lines.value = [...this.lines.value, line]
    })
    on<EpochTiming>('timing', (line) => {
      this.timing.value = [...this.timing.value, line]
    })
    on<LiveResponse>('live', (live) => {
      this.live.value = live
    })
    on<{ state: RunState }>('state', ({ state }) => {
      this.state.value = state
    })
    on('reset', () => {
      this.lines.value = []
      this.timing.value = []
    })
  }
}
