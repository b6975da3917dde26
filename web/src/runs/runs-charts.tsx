import { Chart } from '../ui/chart.tsx'
import { decimal } from '../ui/numbers.ts'
import { runCurves } from './run-curves.ts'
import type { RunFeed } from './run-feed.ts'

/** Loss and error of the chosen runs, laid over each other. */
export function RunsCharts({ feeds }: { feeds: readonly RunFeed[] }) {
  const { x, loss, error } = runCurves(
    feeds.map(({ name, lines, live }, i) => ({
      name,
      colour: (i % 6) + 1,
      lines: lines.value,
      batchesPerEpoch: live.value?.progress?.batchesPerEpoch,
    })),
  )
  return (
    <section class="panel two-charts" aria-label="Curves">
      <Chart title="Loss" xLabel="epoch" x={x} series={loss} format={decimal} />
      <Chart title="Error, %" xLabel="epoch" x={x} series={error} format={(value) => value.toFixed(1)} />
    </section>
  )
}
