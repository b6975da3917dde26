import { useEffect, useState } from 'preact/hooks'
import { Problem } from '../ui/problem.tsx'
import { chosenNames } from './address.ts'
import { followRuns, runs, served } from './api.ts'
import { RunDetails } from './run-details.tsx'
import { RunFeed } from './run-feed.ts'
import { RunList } from './run-list.tsx'
import { RunsCharts } from './runs-charts.tsx'

export function RunsView() {
  return (
    <>
      <header class="page-head">
        <h1 tabIndex={-1}>Runs</h1>
        <p>Trainings of the command line, as they go on and as they went.</p>
      </header>
      {served.value === false ? <NoServer /> : served.value && <ServedRuns />}
    </>
  )
}

function NoServer() {
  return (
    <section class="panel" aria-label="How to see runs here">
      <p>
        This copy of the page stands by itself, without the program that knows your runs. In a folder with runs, start
        it with
      </p>
      <pre>
        <code>npx alexnet ui</code>
      </pre>
      <p>or watch a training from its first step:</p>
      <pre>
        <code>npx alexnet train --ui</code>
      </pre>
      <p class="soft">Everything else on this page works without it.</p>
    </section>
  )
}

function ServedRuns() {
  const [problem, setProblem] = useState<unknown>(null)
  useEffect(() => followRuns(setProblem), [])
  const asked = chosenNames()
  // Without a choice: the run that is being trained, or the last one.
  const names = asked.length > 0 ? asked : runs.value.slice(0, 1).map(({ name }) => name)
  const feeds = useFeeds(names)
  if (runs.value.length === 0)
    return (
      <>
        <Problem error={problem} />
        <p class="panel">
          There are no runs here yet. <code>npx alexnet train</code> makes one in a minute, and it shows up by itself.
        </p>
      </>
    )
  return (
    <div class="runs">
      <RunList chosen={names} />
      <div class="train-live">
        <Problem error={problem} />
        {feeds.map((feed) => (
          <Problem key={feed.name} error={feed.problem.value} />
        ))}
        <RunsCharts feeds={feeds} />
        {feeds.map((feed, i) => (
          <RunDetails key={feed.name} feed={feed} colour={(i % 6) + 1} />
        ))}
      </div>
    </div>
  )
}

/** A feed for each name, opened when it is chosen and closed when it is not any more. */
function useFeeds(names: readonly string[]): readonly RunFeed[] {
  const [feeds, setFeeds] = useState<readonly RunFeed[]>([])
  useEffect(() => {
    setFeeds((before) => {
      for (const feed of before) if (!names.includes(feed.name)) feed.close()
      return names.map((name) => before.find((feed) => feed.name === name) ?? new RunFeed(name))
    })
  }, [names.join('\n')])
  useEffect(
    () => () =>
      setFeeds((before) => {
        for (const feed of before) feed.close()
        return []
      }),
    [],
  )
  return feeds
}
