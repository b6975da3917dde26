import type { RunEntry, RunState } from 'alexnet/api'
import { linkTo } from '../shell/router.ts'
import { percent } from '../ui/numbers.ts'
import { runsAddress } from './address.ts'
import { runs } from './api.ts'

export const stateNames: Record<RunState, string> = {
  running: 'training',
  finished: 'finished',
  interrupted: 'interrupted',
}

/** All runs; a tick lays one over the others. */
export function RunList({ chosen }: { chosen: readonly string[] }) {
  return (
    <section class="panel run-list" aria-label="All runs">
      <h2 class="h3">All runs</h2>
      <ul>
        {runs.value.map((run) => {
          const place = chosen.indexOf(run.name)
          return (
            <li key={run.name}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={place >= 0}
                  onChange={(event) => {
                    const others = chosen.filter((name) => name !== run.name)
                    location.hash = linkTo(
                      'runs',
                      runsAddress(event.currentTarget.checked ? [...others, run.name] : others),
                    )
                  }}
                />
                <span class={place >= 0 ? `series-${(place % 6) + 1}` : undefined}>{run.name}</span>
              </label>
              <p class="small soft">
                <span class={run.state === 'running' ? 'running' : undefined}>{stateNames[run.state]}</span>, epoch{' '}
                {run.epoch} of {run.epochs}
                {errorOf(run)}
              </p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function errorOf({ lastEpoch }: RunEntry): string {
  const evaluation = lastEpoch?.validation ?? lastEpoch?.test
  return evaluation ? `, error ${percent(1 - evaluation.top1)}` : ''
}
